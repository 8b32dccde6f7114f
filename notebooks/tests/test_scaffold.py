"""`make new`: a step in full form, in a copy of the clone, whose checks honestly fail."""

import shutil
import subprocess
import sys

import pytest

from workshop import paths
from workshop.authoring.scaffold import scaffold
from workshop.errors import WorkshopError
from workshop.learner.tree import LEFT_OUT
from workshop.servers import template

RUN = "from workshop.cli import cli; cli()"
STEM = "42_rotation"  # a number that no step has


@pytest.fixture
def clone(tmp_path, environment):
    """Run a command in a copy of this clone."""
    place = tmp_path / "clone"
    for name in ("notebooks/workshop", "solutions", "server"):
        shutil.copytree(paths.ROOT / name, place / name, ignore=LEFT_OUT)
    shutil.copy(paths.ROOT / "requirements.txt", place)
    if template.FOLDER.exists():
        shutil.copytree(template.FOLDER, place / ".workshop/templates")

    def run(*arguments):
        variables = environment(PYTHONPATH=str(place / "notebooks"), WORKSHOP_WORK=str(place / "work"))
        return subprocess.run(
            [sys.executable, "-c", RUN, *arguments], cwd=place, env=variables, capture_output=True, text=True
        )

    run.place = place
    return run


def files(place):
    return {
        str(path.relative_to(place))
        for path in place.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize(
    "stem", ["", "7_rotation", "07-rotation", "07_Rotation", "../07_evil", "07_a/b", "07_rotation "]
)
def test_a_bad_name_is_refused(stem):
    with pytest.raises(
        WorkshopError, match=r"cannot name a step\. Two digits and a name, like this: STEP=07_rotation"
    ):
        scaffold(stem)


def test_a_taken_number_is_refused():
    with pytest.raises(WorkshopError, match=r"Number 01 is taken by 01_token_pair\. Choose another number\."):
        scaffold("01_other")


def test_a_file_that_is_there_is_never_written_over(clone):
    lesson = clone.place / "lessons" / f"{STEM}.md"
    lesson.parent.mkdir()
    lesson.write_text("mine")
    before = files(clone.place)
    run = clone("new", STEM)
    assert run.stderr == f"Error: lessons/{STEM}.md exists already. Move it away, or choose another name.\n"
    assert lesson.read_text() == "mine"
    assert files(clone.place) == before


def test_a_new_step_can_be_started_and_its_checks_fail(clone):
    before = files(clone.place)
    run = clone("new", STEM)
    assert run.returncode == 0, run.stderr
    wanted = ["step.toml", "checks.py", "README.md", "start/client/rotation.py", "answer/client/rotation.py"]
    assert files(clone.place) - before == {
        *(f"solutions/{STEM}/{name}" for name in wanted),
        f"lessons/{STEM}.md",
        f"notebooks/{STEM}.ipynb",
    }
    assert all(f"Wrote {name}\n" in run.stdout for name in files(clone.place) - before)
    assert clone("start", "42").returncode == 0
    run = clone("check")
    assert run.returncode == 1
    assert (
        "· not started  public products answer\n                 step 42: call the endpoint\n" in run.stdout
    )
    assert f"{STEM}: not yet (0 of 1 checks)" in run.stdout
