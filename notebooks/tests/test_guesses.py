"""Guess first, compare last."""

import pytest

from workshop.errors import WorkshopError
from workshop.learner import manifest, progress
from workshop.learner.guesses import Guesses


@pytest.fixture
def guesses(work):
    return Guesses(manifest.find("00"))


def test_a_comparison_without_a_guess_is_reported(guesses):
    with pytest.raises(
        WorkshopError,
        match=r"There is no guess named 'status' yet\. Run the cell with guess\('status', \.\.\.\)",
    ):
        guesses.compare("status", 200)


@pytest.mark.parametrize("choice", [500, "200", None, [200]])
def test_a_guess_that_is_no_choice_is_reported_with_the_choices(guesses, choice):
    with pytest.raises(
        WorkshopError, match=r"is not one of the choices\. Put one of these in its place: 200, 401"
    ):
        guesses.guess("status", choice, choices=[200, 401])
    assert guesses.made == {}


def test_three_dots_are_no_guess_and_harm_nothing(guesses):
    assert (
        guesses.guess("status", ..., choices=[200, 401])
        == "No guess yet. Put one of these in place of the dots: 200, 401"
    )
    assert guesses.compare("status", 401).startswith("It is 401. You made no guess")
    assert progress.of(guesses.step) == {}


def test_a_wrong_guess_is_reported_and_costs_nothing(guesses):
    guesses.guess("status", 200, choices=[200, 401])
    assert guesses.compare("status", 401).startswith("You guessed 200, and it is 401.")
    assert progress.of(guesses.step) == {"guesses": {"status": {"right": False}}}


def test_a_wrong_guess_gets_the_explanation_of_its_own_choice(guesses):
    because = {401: "It asks who you are.", (200, 200): "Two."}
    guesses.guess("status", 401, choices=[200, 401, 403])
    assert guesses.compare("status", 200, because=because) == (
        "You guessed 401, and it is 200. It asks who you are."
    )
    guesses.guess("status", 403, choices=[200, 401, 403])
    assert guesses.compare("status", 200, because=because) == (
        "You guessed 403, and it is 200. Look again at what was sent, and at what came back."
    )
    guesses.guess("twice", [200, 200], choices=[[200, 200], [200, 401]])
    assert guesses.compare("twice", [200, 401], because=because).endswith("it is [200, 401]. Two.")


def test_a_result_that_is_no_choice_praises_nobody(guesses):
    guesses.guess("status", 401, choices=[200, 401])
    assert guesses.compare("status", 500).startswith("It is 500, and that is none of the choices.")
    assert progress.of(guesses.step) == {}


def test_a_right_guess_is_reported_and_remembered_beside_the_others(guesses):
    for name, choice in (("status", 401), ("place", "header")):
        assert (
            guesses.guess(name, choice, choices=[401, "body", "header"])
            == f"Your guess: {choice!r}. Run the next cell and see."
        )
    assert guesses.compare("status", 401) == "You guessed 401, and so it is."
    guesses.compare("place", "body")
    assert progress.of(guesses.step)["guesses"] == {"status": {"right": True}, "place": {"right": False}}


def test_a_folder_that_cannot_be_written_spoils_no_comparison(guesses, work):
    work.write_text("a file in the place of the folder")
    guesses.guess("status", 401, choices=[401])
    assert guesses.compare("status", 401) == "You guessed 401, and so it is."
