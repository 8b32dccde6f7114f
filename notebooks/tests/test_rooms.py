"""The package's rooms: no arrow runs back up, no learner's command needs the authors' room, each set is enough."""

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests import copied
from workshop import paths
from workshop.commands import COMMANDS
from workshop.setup import installation

PACKAGE = paths.NOTEBOOKS / "workshop"
# A module may import rooms of its own number and of smaller ones. Modules outside the rooms are at the bottom, except
# those named here.
ROOMS = {"setup": 1, "display": 2, "servers": 2, "learner": 3, "authoring": 5}
TOP = {
    "attacks": 2,
    "cli": 4,
    "notebook": 4,
    "notebook_errors": 4,
    "notebook_lab": 4,
    "notebook_session": 4,
    "demo": 4,
    "__main__": 4,
}
LATE = {
    ("__init__", "setup"),
    ("cli", "authoring"),
    ("setup", "notebook"),
    ("setup", "notebook_errors"),
}  # inside a function, or in a kernel: never when imported
AUTHORS = {"notebooks", "new", "slides"}
BLOCK = Path(__file__).with_name("only_set")


def room(name):
    """The number of a module or folder of the package."""
    return ROOMS.get(name) or TOP.get(name, 0)


def arrows():
    """Every import within the package: file and line, the room it is in, the room it leads to."""
    for path in PACKAGE.rglob("*.py"):
        inside = path.relative_to(PACKAGE).with_suffix("").parts
        if inside[0] == "demo_shop":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for target in targets(node, inside):
                yield f"{paths.shown(path)}:{getattr(node, 'lineno', 0)}", inside[0], target


def targets(node, inside):
    """The rooms that an import statement of the package leads to."""
    if isinstance(node, ast.Import):
        return [name.name.split(".")[1] for name in node.names if name.name.startswith("workshop.")]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = list(inside[: len(inside) - node.level]) if node.level else (node.module or "").split(".")
    if node.level:
        base += (node.module or "").split(".") if node.module else []
    elif base[0] != "workshop":
        return []
    else:
        base = base[1:]
    return [base[0]] if base else [name.name for name in node.names]


def test_no_arrow_runs_back_up():
    found = list(arrows())
    assert len(found) > 100
    wrong = [arrow for arrow in found if room(arrow[2]) > room(arrow[1]) and arrow[1:] not in LATE]
    assert wrong == []


def test_a_room_says_in_a_sentence_what_it_is_for():
    for name in ROOMS:
        assert ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text())).endswith(".")


def names_of(lock):
    return {name.lower() for name in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", lock.read_text(), re.M)}


def outside(name):
    """The modules that are installed here and are not of the named set."""
    allowed = names_of(installation.SETS[name][0])
    owners = metadata.packages_distributions()
    normal = {
        module: {re.sub(r"[-_.]+", "-", owner).lower() for owner in owned} for module, owned in owners.items()
    }
    return {module for module, owned in normal.items() if not owned & allowed}


@pytest.fixture
def only(tmp_path, environment):
    """Run a command in a copy of the clone, in processes that find only the packages of a set, and no authors' room."""
    folders = ("notebooks", "solutions", "server", "lessons")
    place = copied.clone(tmp_path / "clone", folders, "requirements*.txt")

    def run(needs, *arguments, authors=False, **variables):
        refused = outside(needs) | (set() if authors else {"workshop.authoring"})
        (tmp_path / "refused").write_text("\n".join(sorted(refused)))
        path = f"{BLOCK}:{place / 'notebooks'}:{place / 'server'}"
        settings = {"PYTHONPATH": path, "ONLY_SET_REFUSES": str(tmp_path / "refused")} | variables
        command = [sys.executable, "-c", "from workshop.cli import cli; cli()", *arguments]
        return subprocess.run(
            command, cwd=place, env=environment(**settings), capture_output=True, text=True, timeout=100
        )

    return run


def test_a_package_outside_the_set_is_really_refused(only):
    assert {"IPython", "nbformat", "hypothesis"} <= outside("core")
    assert "hypothesis" in outside("lab")
    assert "IPython" not in outside("lab")
    run = only("core", "notebooks", "--check", authors=True)
    assert "ModuleNotFoundError: nbformat is not in the set of this command" in run.stderr
    run = only("core", "new", "90_example")
    assert "ModuleNotFoundError: workshop.authoring is not in the set of this command" in run.stderr


def test_a_learner_goes_from_start_to_pass_with_the_core_alone(only):
    said = {}
    for arguments in (["start", "00"], ["hint"], ["solve"], ["check"], ["progress"], ["reset"]):
        run = only(COMMANDS[arguments[0]].needs, *arguments)
        assert (run.returncode, run.stderr) == (0, ""), arguments
        said[arguments[0]] = run.stdout
    assert "00_meet_the_server: passed" in said["check"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["demo", "--access", "3", "--refresh", "6"], "What happened"),
        (["new", "90_example"], "Wrote solutions/90_example/checks.py"),
        (["slides"], "Wrote .workshop/slides/03_lifetime.html"),
        (["lab", "--version"], "."),
        (["lint", "--help"], "Check the style"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_needs_only_its_own_set(only, arguments, says):
    run = only(COMMANDS[arguments[0]].needs, *arguments, authors=arguments[0] in AUTHORS)
    assert (run.returncode, run.stderr) == (0, "")
    assert says in run.stdout


@pytest.mark.parametrize(
    ("module", "needs"),
    [
        ("workshop.cli", "core"),
        ("workshop.servers.serving", "core"),
        ("workshop.learner.check_plugin", "core"),
        ("watchfiles", "core"),
        ("workshop.notebook", "lab"),
        ("workshop.setup.jupyter", "lab"),
        ("workshop.servers.classroom", "dev"),
    ],
)
def test_what_a_command_imports_late_is_in_its_set_too(tmp_path, environment, module, needs):
    (tmp_path / "refused").write_text("\n".join([*sorted(outside(needs)), "workshop.authoring"]))
    settings = {"PYTHONPATH": str(BLOCK), "ONLY_SET_REFUSES": str(tmp_path / "refused")}
    settings |= {"WORKSHOP_TREE": str(paths.SERVER), "WORKSHOP_REPORT": str(tmp_path / "report")}
    command = [sys.executable, "-c", f"import {module}"]
    run = subprocess.run(
        command, cwd=paths.NOTEBOOKS, env=environment(**settings), capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")
