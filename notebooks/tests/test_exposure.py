"""For how long an old power lasts: measured until the first refusal, drawn, and stored without what changes."""

from workshop.display.drawing import STORED
from workshop.display.exposure import Exposure


def works(times):
    """A power that works so many times."""
    left = iter([True] * times)
    return lambda: next(left, False)


def exposed(**times):
    exposure = Exposure()
    for name, number in times.items():
        exposure.add(name, 3, works(number))
    return exposure.watch()


def test_a_power_that_is_refused_at_once_lasted_not_at_all():
    exposure = exposed(demoted=0)
    assert (exposure.cases[0].lasted, exposure.said("demoted")) == (0, "not at all")


def test_a_power_lasts_until_the_first_refusal():
    exposure = exposed(short=1, long=3)
    short, long = exposure.cases
    assert 0 < short.lasted < long.lasted
    assert exposure.said("long") == "until the token expires"


def test_a_power_that_does_not_end_is_not_called_ended():
    exposure = Exposure()
    exposure.add("for good", 3, lambda: True)
    exposure.watch(seconds=0.1)
    assert exposure.said("for good") == "longer than you watched"
    assert "longer than you watched" in exposure.text()


def test_what_was_never_measured_is_no_success():
    assert Exposure().said("demoted") == "there was no power to lose"


def test_it_is_drawn_with_its_text_beside_it_and_stored_without_figures():
    exposure = exposed(demoted=0, claim=2)
    bundle = exposure._repr_mimebundle_()
    assert bundle["text/plain"] == exposure.text()
    assert bundle[STORED].splitlines() == [
        "the old rights lasted (access tokens of 3 s)",
        "demoted                      not at all",
        "claim                        until the token expires",
    ]
    assert "<svg" in bundle["text/html"] and 'role="img"' in bundle["text/html"]
