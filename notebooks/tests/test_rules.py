"""Every step obeys the seven rules: each of its trees is built and checked for itself."""

from functools import partial

import pytest

from testkit.machine import need
from testkit.turns import todays
from workshop.authoring import rules
from workshop.learner import manifest

STEPS = manifest.steps()


def cases():
    """One case per tree of a step, so that they are checked side by side."""
    for step in STEPS:
        yield pytest.param(partial(rules.starter_rule, step), id=f"{step.stem}: starter")
        yield pytest.param(partial(rules.answer_rule, step), id=f"{step.stem}: answer")
    yield from todays(list(variants()))


def variants():
    for step in STEPS:
        for wrong in step.wrong:
            yield pytest.param(partial(rules.wrong_rule, step, wrong), id=f"{step.stem}: wrong/{wrong.name}")
        for right in step.right:
            yield pytest.param(partial(rules.right_rule, step, right), id=f"{step.stem}: right/{right.name}")


@pytest.mark.timeout(900)  # the answer of the last step runs the checks of all steps
@pytest.mark.parametrize("rule", list(cases()))
def test_a_tree_does_what_the_manifest_says(rule):
    try:
        assert rule() == []
    except rules.Unproven as lacking:
        need(False, str(lacking))


WRITTEN = [rules.decoration_rule, rules.reason_rule, rules.files_rule, rules.promise_rule, rules.style_rule]


@pytest.mark.parametrize("rule", WRITTEN, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_a_step_is_sound_as_it_is_written(step, rule):
    assert rule(step) == []


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
def test_a_step_has_at_least_three_wrong_answers(step):
    assert len(step.wrong) >= 3


def test_the_steps_exist():
    assert [step.stem for step in STEPS][:2] == ["00_meet_the_server", "01_token_pair"]
