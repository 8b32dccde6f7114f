"""The notebooks over the other transport: servers as modules of the kernel's own process show what real processes show."""

import subprocess
import sys

import nbformat

from testkit.turns import todays
from tests.each_notebook import each_of, notebooks_of
from workshop import paths
from workshop.authoring import generated, normal
from workshop.learner import manifest

# Cells whose output differs, and why.
DIFFERENT = {
    ("04_refresh", "check"): "threads are skipped as in a tab, and the check says so",
    ("08_reuse_detection", "race-parallel"): "requests take turns, so a race has no two winners",
    ("08_reuse_detection", "check"): "for that reason the check of a race is skipped, and says so",
}


# In one process no other program can have a port.
REAL_PORTS = "not taken_port"
SERVERS = ("test_live_server.py", "test_gateway.py")


def test_what_holds_for_a_server_holds_for_one_in_this_process(environment):
    files = [str(paths.NOTEBOOKS / "tests" / name) for name in SERVERS]
    command = [sys.executable, "-m", "pytest", "-q", "-k", REAL_PORTS, *files]
    variables = environment(WORKSHOP_TRANSPORT="in-process")
    run = subprocess.run(command, cwd=paths.ROOT, env=variables, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    assert "1 deselected" in run.stdout


# The first steps run in a real tab (tests/in_a_tab). Of the others, those that bring something new to this transport: a
# client with an adapter of its own, changed views, a race. Settings, rotation and permissions are changed as these are; step 10 passed too, and takes minutes.
NEW_HERE = ("04", "06", "08")
NOTEBOOKS = notebooks_of(map(manifest.find, NEW_HERE))


@each_of(todays(NOTEBOOKS, turns=len(NOTEBOOKS)))
def test_a_solved_notebook_shows_the_same_in_one_process(step, notebook, stored, monkeypatch):
    monkeypatch.setenv("WORKSHOP_TRANSPORT", "in-process")
    ran = nbformat.reads(
        normal.dumped(generated.executed(in_turn(generated.solved(step, notebook)), step)), as_version=4
    )
    known = nbformat.read(stored, as_version=4)
    assert len(ran.cells) == len(known.cells)
    differing = [
        new.id
        for new, old in zip(ran.cells, known.cells, strict=True)
        if new.get("outputs") != old.get("outputs")
    ]
    assert differing == [cell for stem, cell in DIFFERENT if stem == notebook.stem]


def in_turn(notebook):
    """The notebook with one thread in the place of ten: an environment that changes at each request is no place for two."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("ThreadPoolExecutor(10)", "ThreadPoolExecutor(1)")
    return notebook
