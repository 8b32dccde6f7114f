"""Where a check leads: to a hint, to other answers, to the next step, or to one that is only planned."""

import dataclasses

import pytest

from workshop import paths
from workshop.errors import WorkshopError
from workshop.learner import manifest, planned, progress
from workshop.learner.check_work import Checked
from workshop.learner.checked_view import CheckedView
from workshop.learner.checker import Outcome
from workshop.learner.next_steps import leads
from workshop.learner.report import as_line

PLANNED = {"98_later": "Later", "99_last": "Last"}


@pytest.fixture(autouse=True)
def two_planned(monkeypatch):
    monkeypatch.setattr(planned, "PLANNED", PLANNED)


def outcomes(*states):
    return [
        Outcome("00", f"test_{place}", state, f"<why {place}>" * (state != "passed"))
        for place, state in enumerate(states)
    ]


@pytest.mark.parametrize("typed", ["98", "98_later", "later", "98_LATER/"])
def test_a_planned_step_is_named_as_planned(typed):
    with pytest.raises(
        WorkshopError, match=r"Step 98_later is planned, and not written yet\. The last step there is"
    ):
        planned.find(typed)


def test_a_step_that_exists_is_planned_no_more(monkeypatch):
    monkeypatch.setattr(planned, "PLANNED", PLANNED | {"00_meet_the_server": "", "01_other_name": ""})
    assert planned.steps() == PLANNED
    assert planned.find("00").stem == "00_meet_the_server"


def test_the_commands_name_a_planned_step(workshop, monkeypatch):
    monkeypatch.undo()
    for stem in planned.steps():
        run = workshop("start", stem)
        assert run.returncode == 1
        assert f"Step {stem} is planned, and not written yet." in run.stderr
    rows = workshop("progress").stdout
    assert all(f"{stem}" in rows for stem in planned.steps())


def test_the_hint_that_is_named_is_the_next_one(work):
    step = manifest.find("00")
    for number in (1, 2, 3, 3):
        assert leads(step, passed=False)[0].says == f"Stuck? make hint shows hint {number} of 3."
        progress.next_hint(step)


def test_a_notebook_names_its_own_hint(work):
    view = CheckedView(Checked(manifest.find("00"), outcomes("not yet")))
    assert repr(view).endswith("Stuck? hint() shows hint 1 of 3.")
    assert "<p>Stuck? hint() shows hint 1 of 3.</p>" in view.table()


def test_a_pass_leads_on(work):
    steps = manifest.steps()
    readme, following = leads(steps[0], passed=True)
    assert readme.file == steps[0].folder / "README.md"
    assert (following.file, following.says) == (steps[1].notebook, f"Next: step 01, {steps[1].title}")
    assert leads(steps[-1], passed=True)[1].says == (
        "That was the last step. Step 98_later is planned, and not written yet."
    )
    final = dataclasses.replace(steps[-1], stem="99_last")
    assert leads(final, passed=True)[1].says == "That was the last step."


def test_a_step_in_parts_is_led_to_by_its_first_notebook_and_started_by_its_stem(work):
    _, following = leads(manifest.find("01"), passed=True)
    assert following.file.name == "02a_inside_a_token.ipynb"
    assert as_line(following) == "Next: make start STEP=02_inside_a_token"
    for typed in ("02", "02a", "02b", "02b_inside_a_token"):
        assert manifest.find(typed).stem == "02_inside_a_token"


def test_the_first_failure_is_shown_whole_and_nothing_is_markup(work):
    checked = Checked(manifest.find("00"), outcomes("passed", "not yet", "not started"))
    view = CheckedView(checked)
    assert "&lt;why 1&gt;" in view.table()
    assert checked.headline == "00_meet_the_server: not yet (1 of 3 checks)"


@pytest.mark.parametrize("folder", ["notebooks", "work/notebooks"])
def test_links_lead_from_the_folder_of_the_notebook(work, folder, monkeypatch):
    view = CheckedView(Checked(manifest.find("00"), outcomes("passed")))
    monkeypatch.setattr("os.getcwd", lambda: str(paths.ROOT / folder))
    up = "/".join([".."] * (folder.count("/") + 1))
    assert f'<a href="{up}/solutions/00_meet_the_server/README.md">' in view.table()
    assert '<a href="01_token_pair.ipynb">' in view.table()
