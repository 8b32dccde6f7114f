"""The notebooks over the other transport: servers as modules of the kernel's own process show what real processes show."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from testkit.turns import todays
from tests.each_notebook import each_of
from tests.in_a_tab.whole import WHOLE
from workshop import paths
from workshop.authoring import generated, normal

# Cells whose output differs, and why.
DIFFERENT = {
    ("01_token_pair", "check"): "what needs TLS is skipped as in a tab, and the check says so",
    ("04_refresh", "check"): "threads are skipped as in a tab, and the check says so",
    ("08_reuse_detection", "race-parallel"): "requests take turns, so a race has no two winners",
    ("08_reuse_detection", "check"): "for that reason the check of a race is skipped, and says so",
}


# What a notebook starts nevertheless on a machine that has processes, and why a tab needs neither.
OF_A_MACHINE = {
    "uname": "Python asks it which machine this is",
    "git": "it applies a patch; the tab's package holds the files as they are after it",
}
NOTES_PROCESSES = Path(__file__).with_name("no_process")

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


@pytest.fixture
def started(tmp_path, monkeypatch):
    """What every Python that this test starts has started in its turn."""
    noted = tmp_path / "started.txt"
    monkeypatch.setenv("NO_PROCESS", str(noted))
    monkeypatch.setenv("PYTHONPATH", str(NOTES_PROCESSES), prepend=os.pathsep)
    return lambda: set(noted.read_text(encoding="utf-8").splitlines()) if noted.exists() else set()


def test_a_process_would_be_noted(started):
    subprocess.run([sys.executable, "-c", f"import subprocess\nsubprocess.run([{sys.executable!r}, '-V'])"])
    assert started() == {sys.executable}


# Every notebook whose step a tab can check, a fourth of them a day. Step 10 passed too, and takes minutes.
@each_of(todays(WHOLE, turns=4))
def test_a_solved_notebook_shows_the_same_in_one_process(step, notebook, stored, monkeypatch, started):
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
    assert started() <= set(OF_A_MACHINE)


def in_turn(notebook):
    """The notebook with one thread in the place of ten: an environment that changes at each request is no place for two."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("ThreadPoolExecutor(10)", "ThreadPoolExecutor(1)")
    return notebook
