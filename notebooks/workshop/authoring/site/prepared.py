"""What a tab cannot make for itself, because it has no git and is slow to migrate: patched files and fresh databases."""

import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ... import paths
from ...learner import manifest, patches, tree
from ...learner.manifest import Step
from ...servers import manage, template
from . import archives

IN_TAB, SETTINGS = Path(__file__).with_name("in_tab"), "tab.settings"
SERVED = re.compile(r'serve_(?:wrong\(|own_project\(wrong=)\\"(\w+)\\"')  # in a notebook's file
CHANGED = re.compile(r"^\+\+\+ b/(.+)$", re.M)


def patched(archive: zipfile.ZipFile, into: str) -> None:
    """Beside every patch that a notebook or a step needs, put the files as they are after it."""
    for step in manifest.steps():
        if step.given_patch.exists():
            add_patched(archive, into, step.given_patch, tree.before_answer, step)
        for name in sorted(
            set(SERVED.findall("".join(path.read_text(encoding="utf-8") for path in step.notebooks)))
        ):
            if step.patch(name).exists():
                add_patched(archive, into, step.patch(name), tree.wrong, step, name)


def add_patched(archive: zipfile.ZipFile, into: str, patch: Path, build, step: Step, *name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder) / "tree", step, *name)
        place = f"{into}/{patches.prepared(patch).relative_to(paths.ROOT).as_posix()}"
        for file in CHANGED.findall(patch.read_text(encoding="utf-8")):
            archives.add(archive, f"{place}/{file}", built / file)


def databases(archive: zipfile.ZipFile, into: str) -> None:
    """The fresh database of every tree that a learner can have, with passwords that the tab's settings can read."""
    known = set()
    with tempfile.TemporaryDirectory() as folder:
        for number, place in enumerate(trees(Path(folder))):
            print_of = template.fingerprint(place, SETTINGS)
            if print_of not in known:
                known.add(print_of)
                archives.add(
                    archive,
                    f"{into}/.workshop/templates/{print_of}.sqlite3",
                    seeded(place, Path(folder) / f"{number}.sqlite3"),
                )


def trees(folder: Path) -> Iterator[Path]:
    for step in manifest.steps():
        yield tree.starter(folder / f"{step.stem}-starter", step)
        yield tree.answer(folder / f"{step.stem}-answer", step)


def seeded(place: Path, database: Path) -> Path:
    """A fresh database of a tree, made with the tab's settings."""
    variables = {"DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONPATH": str(IN_TAB)}
    for command in (["migrate", "--verbosity", "0"], ["populate_db"]):
        manage.manage(place, command, database, **variables)
    return database
