"""The repository's shape: one stem everywhere, nothing stray at the top, two joints only."""

import ast
import re
import subprocess

import pytest

from workshop import paths
from workshop.learner import manifest, tree

STEMS = [step.stem for step in manifest.steps()]
TOP = {
    "README.md",
    "Makefile",
    "pyproject.toml",
    "LICENSE",
    "CITATION.cff",
    "lessons",
    "notebooks",
    "solutions",
    "server",
    "package.json",
    "package-lock.json",
}
STEM = re.compile(r"\d\d_\w+")


def committed():
    """What git holds or would add, relative to the clone."""
    command = ["/usr/bin/env", "git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no git clone")
    return [name for name in listed.stdout.splitlines() if (paths.ROOT / name).exists()]


def imports(folder):
    """File, line and name of every module imported under the folder."""
    for path in folder.rglob("*.py"):
        if {"demo_shop", "in_tab"} & set(path.parts):  # files of a server
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            yield from ((f"{paths.shown(path)}:{node.lineno}", name.partition(".")[0]) for name in names)


def test_the_top_level_holds_only_what_the_design_allows():
    top = {name.partition("/")[0] for name in committed()}
    stray = {name for name in top if not name.startswith((".", "requirements"))} - TOP
    assert stray == set()


@pytest.mark.parametrize(
    ("folder", "foreign"),
    [
        (paths.SERVER, {"workshop"}),
        (
            paths.NOTEBOOKS / "workshop",
            {"django", "rest_framework", "rest_framework_simplejwt", "drf_course", "api"},
        ),
    ],
    ids=["server", "workshop"],
)
def test_neither_side_imports_the_other(folder, foreign):
    assert [place for place, name in imports(folder) if name in foreign] == []


def test_lessons_notebooks_and_solutions_have_the_same_stems():
    lessons = [path.stem for path in sorted(paths.LESSONS.glob("[0-9][0-9]_*.md"))]
    notebooks = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
    solutions = [path.name for path in sorted(paths.SOLUTIONS.iterdir()) if path.is_dir()]
    assert notebooks == [path for step in manifest.steps() for path in step.notebooks]
    assert lessons == solutions == STEMS


def test_the_readme_lists_every_step_once_and_in_order():
    readme = paths.ROOT / "README.md"
    rows = re.findall(r"^\|.*\]\(lessons/(\d\d_\w+)\.md\).*$", readme.read_text(encoding="utf-8"), re.M)
    assert rows == STEMS


def test_numbers_are_given_once():
    numbers = [stem[:2] for stem in STEMS]
    assert len(set(numbers)) == len(numbers)
    assert all(STEM.fullmatch(stem) for stem in STEMS)


@pytest.mark.parametrize("stem", STEMS)
def test_a_stub_of_a_file_that_exists_already_is_that_file(stem, tmp_path):
    step = manifest.find(stem)
    before = tree.before_answer(tmp_path / "tree", step)
    for path in step.edits:
        stub = step.folder / "start" / path
        if stub.exists() and (before / path).exists():
            assert code(before / path) <= code(stub), f"copy {path} as it is before {stem}"


def code(path):
    """The file's statements without docstrings. A stub keeps them all; it may add some, and say what the step asks."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            del node.body[0]
    return set(statements(module))


def statements(owner, inside=""):
    """Each statement of a module as text; of a class its head, and each statement in it."""
    for node in owner.body:
        if isinstance(node, ast.ClassDef):
            yield from statements(node, f"{inside}{node.name}.")
            node.body = []
        yield inside + ast.dump(node)
