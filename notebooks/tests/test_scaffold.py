"""`make new`: a step in full form, in a copy of the clone, whose checks honestly fail."""

import re
import shutil
import subprocess
import sys

import pytest

from tests import copied
from workshop import paths
from workshop.authoring.scaffold import NOT_WRITTEN, scaffold
from workshop.errors import WorkshopError
from workshop.learner.tree import LEFT_OUT

RUN = "from workshop.cli import cli; cli()"
STEM = "90_example"


@pytest.fixture
def clone(tmp_path, environment):
    """Run a command in a copy of this clone."""
    folders = ("notebooks/workshop", "solutions", "server")
    place = copied.clone(tmp_path / "clone", folders, "requirements.txt")

    def run(*arguments):
        command = [sys.executable, "-c", RUN, *arguments]
        return subprocess.run(command, cwd=place, env=run.variables(), capture_output=True, text=True)

    run.place = place
    run.variables = lambda: environment(
        PYTHONPATH=str(place / "notebooks"), WORKSHOP_WORK=str(place / "work")
    )
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
        WorkshopError, match=r"cannot name a step\. Two digits and a name, like this: STEP=13_my_step"
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
    wanted = ["step.toml", "checks.py", "README.md", "start/client/example.py", "answer/client/example.py"]
    assert files(clone.place) - before == {
        *(f"solutions/{STEM}/{name}" for name in wanted),
        f"lessons/{STEM}.md",
        f"notebooks/{STEM}.ipynb",
    }
    assert all(f"Wrote {name}\n" in run.stdout for name in files(clone.place) - before)
    assert clone("start", "90").returncode == 0
    run = clone("check")
    assert run.returncode == 1
    assert (
        "· not started  public products answer\n                 step 90: call the endpoint\n" in run.stdout
    )
    assert f"{STEM}: not yet (0 of 1 checks)" in run.stdout


@pytest.fixture
def rules(clone):
    """Add the example step to a whole copy of the clone, and run the rule tests of that step there; their summary."""
    for name in ("lessons", "notebooks", "README.md", "pyproject.toml", ".github"):
        copy = shutil.copytree if (paths.ROOT / name).is_dir() else shutil.copy
        options = {"dirs_exist_ok": True, "ignore": LEFT_OUT} if copy is shutil.copytree else {}
        copy(paths.ROOT / name, clone.place / name, **options)
    assert clone("new", STEM).returncode == 0

    def run(*tests):
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rA",
            "--tb=no",
            "-p",
            "no:cacheprovider",
            "-k",
            STEM,
        ]
        places = [f"notebooks/tests/{name}.py" for name in tests]
        wide = clone.variables() | {"COLUMNS": "500"}  # the summary has room for the reasons
        ran = subprocess.run([*command, *places], cwd=clone.place, env=wide, capture_output=True, text=True)
        return re.findall(r"^(FAILED|ERROR|PASSED) (\S+.*)$", ran.stdout, re.M), ran.stdout

    run.place = clone.place
    return run


def test_the_rules_say_of_a_new_step_only_that_it_is_not_written_yet(rules):
    outcomes, said = rules("test_rules", "test_notebooks", "test_lessons")
    assert len(outcomes) > 12, said
    others = [
        told
        for state, told in outcomes
        if state == "ERROR" or (state == "FAILED" and NOT_WRITTEN not in told)
    ]
    assert others == [], said
    passed = [told for state, told in outcomes if state == "PASSED"]
    assert passed == [], said


def test_the_form_of_a_new_notebook_is_sound(rules):
    for name in (f"notebooks/{STEM}.ipynb", f"solutions/{STEM}/start/client/example.py"):
        path = rules.place / name
        path.write_text(path.read_text().replace(NOT_WRITTEN, "It is written"))
    outcomes, said = rules("test_notebooks")
    failed = [told for state, told in outcomes if state != "PASSED"]
    assert len(outcomes) > len(failed) > 0, said
    assert [told for told in failed if NOT_WRITTEN not in told] == [], said
