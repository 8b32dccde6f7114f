"""A race: counted honestly, drawn, and stored without what changes from run to run."""

from types import SimpleNamespace

from workshop.display.drawing import STORED
from workshop.display.race import Race


def race_of(*statuses):
    """A race whose requests get these statuses, in turn, in every round."""
    given = iter(statuses)
    return Race(parallel=len(statuses), rounds=1).run(
        lambda: None, lambda _: SimpleNamespace(status_code=next(given))
    )


def test_a_race_counts_what_was_accepted_and_what_was_not():
    race = race_of(200, 401, 500, 200)
    assert (race.accepted, race.most, race.refusals) == ([2], 2, {401: 1, 500: 1})
    assert race.text().splitlines() == [
        "1 rounds of 4 requests at once",
        " 2 accepted  █ 1",
        "refused: 1 x 401, 1 x 500",
    ]


def test_each_round_prepares_a_thing_of_its_own():
    things, sent = iter("abc"), []

    def send(thing):
        sent.append(thing)
        return SimpleNamespace(status_code=200)

    Race(parallel=2, rounds=3).run(lambda: next(things), send)
    assert sorted(sent) == ["a", "a", "b", "b", "c", "c"]


def test_what_is_stored_says_only_whether_it_was_always_one():
    assert race_of(200, 401).rounded_text().endswith("exactly one accepted in every round")
    assert race_of(200, 200).rounded_text().endswith("more than one accepted in some rounds")


def test_a_race_is_drawn_with_its_text_beside_it():
    bundle = race_of(200, 401)._repr_mimebundle_()
    assert bundle["text/plain"] == race_of(200, 401).text()
    assert bundle[STORED] == race_of(200, 401).rounded_text()
    assert "<svg" in bundle["text/html"] and 'role="img"' in bundle["text/html"]
