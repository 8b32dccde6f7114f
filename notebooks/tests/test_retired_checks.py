"""A later step may change again what an earlier one asked for, and says which checks hold no longer."""

from dataclasses import replace

import pytest

from workshop import manifest, rules
from workshop.checker import Outcome

EARLIER, LATER = manifest.find("00_meet_the_server"), manifest.find("01_token_pair")
CHECK = rules.check_functions(EARLIER)[0].name
FAILED = Outcome(EARLIER.stem, f"{CHECK}[1]", "not yet", "It was so in step 00.")


@pytest.fixture
def later(monkeypatch):
    """Step 01, as if it retired what it is given."""

    def make(*retires):
        step = replace(LATER, retires=retires)
        monkeypatch.setattr(rules, "up_to", lambda _step: [EARLIER, step])
        return step

    return make


def test_an_earlier_check_must_go_on_holding(later):
    assert "fails on the answer" in rules.answer_rule(later(), [FAILED])[0]


def test_a_retired_check_may_fail_from_the_answer_on(later):
    step = later(f"{EARLIER.stem}/{CHECK}")
    assert rules.answer_rule(step, [FAILED]) == []
    assert "fails on the starter" in rules.starter_rule(step, [FAILED])[0]


def test_a_retired_check_may_fail_on_every_later_starter(later, monkeypatch):
    step = later(f"{EARLIER.stem}/{CHECK}")
    monkeypatch.setattr(rules, "before", lambda _step: [EARLIER, step])
    assert rules.starter_rule(replace(LATER, stem="02_next"), [FAILED]) == []


def test_only_checks_that_exist_are_retired(later):
    assert rules.retirement_rule(later(f"{EARLIER.stem}/{CHECK}")) == []
    told = rules.decoration_rule(later(f"{EARLIER.stem}/test_of_old"))
    assert told == [
        f"rule 4: {LATER.stem} retires {EARLIER.stem}/test_of_old, and no earlier step has that check"
    ]
