"""`make lab` opens the learner's own copies of the notebooks: links work from there, and git sees no change."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from workshop import paths
from workshop.learner import manifest
from workshop.learner import work as copies
from workshop.setup import my_notebooks

RUN = "import sys; from workshop.cli import cli; cli()"
GIT = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
TOKEN = "a-token-of-jupyter"


@pytest.fixture
def mine(work):
    my_notebooks.copy_all()
    return work / "notebooks"


def test_what_is_saved_in_a_copy_stays_until_the_notebook_changes(mine, monkeypatch, tmp_path):
    first = mine / "00_meet_the_server.ipynb"
    saved = first.read_text().replace("...", "401", 1)
    first.write_text(saved)
    assert my_notebooks.copy_all() == []
    assert first.read_text() == saved
    newer = tmp_path / "newer"
    shutil.copytree(paths.NOTEBOOKS, newer, ignore=shutil.ignore_patterns("tests", "workshop"))
    text = (newer / first.name).read_text()
    (newer / first.name).write_text(text.replace("Meet the server", "Meet it"))
    monkeypatch.setattr(paths, "NOTEBOOKS", newer)
    (kept,) = my_notebooks.copy_all()
    assert kept.read_text() == saved
    assert "Meet it" in first.read_text()


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"metadata": 3}', "{}"])
def test_a_damaged_copy_is_kept_and_made_anew(mine, damaged):
    first = mine / "00_meet_the_server.ipynb"
    first.write_text(damaged)
    (kept,) = my_notebooks.copy_all()
    assert kept.read_text() == damaged
    assert json.loads(first.read_text())["nbformat"] == 4


def test_starting_a_step_leaves_the_notebooks_where_they_are(mine):
    assert copies.start(manifest.find("00")) is None  # there was no copy of a step yet
    assert my_notebooks.to_open() == mine / "00_meet_the_server.ipynb"
    copies.start(manifest.find("01"))
    assert my_notebooks.to_open() == mine / "01_token_pair.ipynb"
    assert not list(mine.parent.glob(".history/*/notebooks"))


def test_a_step_in_parts_opens_at_the_first(mine):
    copies.start(manifest.find("02"))
    assert my_notebooks.to_open() == mine / "02a_inside_a_token.ipynb"


def test_a_copy_under_an_old_name_is_kept_in_the_history_and_a_notebook_of_the_learners_stays(mine):
    old, own = mine / "02_inside_a_token.ipynb", mine / "02_my_notes.ipynb"
    text = (mine / "02a_inside_a_token.ipynb").read_text()
    old.write_text(text)
    own.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    (kept,) = my_notebooks.copy_all()
    assert (kept.name, kept.read_text()) == (old.name, text)
    assert own.exists() and not old.exists()


@pytest.fixture
def clone(tmp_path):
    """A small clone of its own, under git."""
    place = tmp_path / "clone"
    for name in ("notebooks", "lessons", "solutions"):
        shutil.copytree(
            paths.ROOT / name, place / name, ignore=shutil.ignore_patterns("tests", "__pycache__")
        )
    shutil.copy(paths.ROOT / ".gitignore", place)
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*GIT, *command], cwd=place, check=True)
    return place


def test_jupyter_opens_the_clone_with_notebook_00_in_front(clone, environment, free_port, eventually):
    variables = environment(PYTHONPATH=str(clone / "notebooks"))
    del variables["WORKSHOP_WORK"]
    options = [f"--ServerApp.port={free_port}", "--no-browser", f"--IdentityProvider.token={TOKEN}"]
    command = [sys.executable, "-c", RUN, "lab", *options]
    with (clone.parent / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=clone, env=variables, stdout=said, stderr=subprocess.STDOUT)
    try:
        eventually(lambda: "//127.0.0.1:" in Path(said.name).read_text(), within=60)
        shown = Path(said.name).read_text()
        assert "/lab/tree/work/notebooks/00_meet_the_server.ipynb?token=" in shown
        # Where another program has taken the port meanwhile, Jupyter listens at the next one: soon after it says so.
        api = re.search(r"http://127\.0\.0\.1:\d+(?=/lab/tree/)", shown)[0] + "/api"
        eventually(lambda: responds(api), within=60)
        save_and_follow(api)
    finally:
        process.terminate()
        process.wait(30)
    assert not responds(api), "Jupyter goes on without the command that started it"
    status = subprocess.run(["git", "status", "--short"], cwd=clone, capture_output=True, text=True)  # noqa: S607
    assert (status.returncode, status.stdout) == (0, "")


def responds(api):
    with suppress(requests.ConnectionError):
        return requests.get(api, timeout=30).ok
    return False


def save_and_follow(api):
    """Save the notebook with an output, as JupyterLab does; follow its link to the lesson; open a terminal."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"token {TOKEN}"
        place = f"{api}/contents/work/notebooks/00_meet_the_server.ipynb"
        notebook = session.get(place, timeout=30).json()["content"]
        notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "saved"}]
        answer = session.put(place, json={"type": "notebook", "content": notebook}, timeout=30)
        assert answer.status_code == 200
        link = "../../lessons/00_meet_the_server.md"
        assert link in notebook["cells"][0]["source"]
        lesson = session.get(f"{api}/contents/work/notebooks/{link}", timeout=30).json()
        assert lesson["path"] == "lessons/00_meet_the_server.md"
        assert session.post(f"{api}/terminals", timeout=30).status_code == 200
