"""Timelines and measured lives: what they draw, and what is kept of them where no two runs may differ."""

import json
import time
from base64 import urlsafe_b64encode

import pytest

from workshop import claims
from workshop.authoring.normal import Normal
from workshop.display.drawing import STORED, kept
from workshop.display.lives import Lives
from workshop.display.measured import Measured
from workshop.display.timeline import Timeline, watch

HEAD = '{"alg":"none"}'


def token(**times):
    parts = (HEAD, json.dumps(times))
    return ".".join(urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + ".signature"


class Answer:
    def __init__(self, status_code):
        self.status_code, self.ok = status_code, status_code < 400


@pytest.fixture
def clock(monkeypatch):
    """A clock at 1000.0 that only `sleep` and the test move."""

    class Clock:
        now = 1000.0

        def sleep(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(time, "time", lambda: clock.now)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    return clock


@pytest.mark.parametrize(
    ("times", "wanted"), [({"exp": 9}, None), ({"exp": 9, "iat": 4}, 4), ({"exp": 9, "iat": "4"}, None)]
)
def test_a_token_says_when_it_was_issued_or_does_not(times, wanted):
    assert claims.issued(token(**times)) == wanted


@pytest.mark.parametrize("phase", [0.0, 0.3, 0.99])
def test_a_watched_death_is_kept_the_same_whenever_it_began(clock, phase):
    clock.now += phase
    access, refresh = token(iat=1000, exp=1003), token(iat=1000, exp=1008)
    clock.sleep(0.02)
    timeline = watch(
        lambda: Answer(200 if clock.now < 1003 else 401), until=401, access=access, refresh=refresh
    )
    rounded = timeline.rounded()
    assert rounded.lifetimes == [("access", 0, 3), ("refresh", 0, 8)]
    assert rounded.answers == [(0, 200), (3, 401)]
    assert timeline.rounded_text().endswith("(rounded to whole seconds)")


def test_what_follows_a_death_is_kept_behind_it():
    timeline = Timeline(
        start=0,
        lifetimes=[("access", 0.01, 2.3), ("refresh", 0.01, 7.3), ("access 2", 2.41, 5.3)],
        answers=[(0.1, 200), (0.3, 200), (2.35, 401), (2.5, 200), (5.4, 401)],
        issued_for={"access": 3, "refresh": 8, "access 2": 3},
    )
    assert timeline.rounded().lifetimes == [("access", 0, 3), ("refresh", 0, 8), ("access 2", 3, 6)]
    assert timeline.rounded().answers == [(0, 200), (3, 401), (3, 200), (6, 401)]


def test_a_token_that_does_not_say_when_it_was_issued_is_rounded_up():
    timeline = Timeline(start=0, lifetimes=[("access", 0.2, 2.1)])
    assert timeline.rounded().lifetimes == [("access", 0, 2)]


def test_nobody_watches_longer_than_asked(clock):
    timeline = watch(lambda: Answer(200), until=401, seconds=5, access=token(iat=1000, exp=1300))
    assert clock.now - 1000 == pytest.approx(5, abs=0.3)
    assert {status for _, status in timeline.answers} == {200}
    assert ">" in timeline.text()


def test_a_drawing_is_kept_as_its_rounded_text():
    timeline = Timeline(start=0, lifetimes=[("access", 0, 2.1)], answers=[(0.1, 200)])
    bundle = timeline._repr_mimebundle_()
    assert bundle["text/plain"] == timeline.text() == repr(timeline)
    assert "<svg" in bundle["text/html"]
    output = {"output_type": "execute_result", "data": bundle, "metadata": {}}
    assert Normal().output(output)["data"] == {"text/plain": timeline.rounded_text()}


def test_a_measured_figure_is_shown_and_kept_without_its_figure():
    measured = Measured("90,669 keys a second", kept="tens of thousands of keys a second")
    bundle = measured._repr_mimebundle_()
    assert bundle["text/plain"] == repr(measured) == "90,669 keys a second"
    output = {"output_type": "execute_result", "data": bundle, "metadata": {}}
    assert kept(output)["data"] == {"text/plain": "tens of thousands of keys a second"}


@pytest.mark.parametrize("output", [{"name": "stdout", "text": "200"}, {"data": {"text/plain": "200"}}])
def test_what_is_no_drawing_is_kept_as_it_is(output):
    assert kept(output) == output
    assert STORED not in output.get("data", {})


def test_lives_are_measured_from_issue_to_refusal(clock):
    lives = Lives()
    for phase in (0.1, 0.5, 0.9):
        lives.wait_for(phase)
        lives.add(token(iat=1000, exp=1003))
    lives.watch(lambda _token: Answer(200 if clock.now < 1003 else 401), seconds=9)
    assert [phase for phase, _ in lives.measured()] == pytest.approx([0.1, 0.5, 0.9])
    assert [lived for _, lived in lives.measured()] == pytest.approx([2.9, 2.5, 2.1])
    assert lives.span == "2 to 3 s"
    assert "| 2.1" in lives.text()
    assert "3 tokens, issued at different moments of a second, lived 2 to 3 s" in lives.rounded_text()
    assert "<svg" in lives.svg()


def test_an_answer_that_comes_late_moves_no_token_into_the_next_second(clock):
    lives = Lives()
    clock.now = 1001.2
    lives.add(token(iat=1000, exp=1003))
    assert lives.measured() == [(0.99, None)]


def test_a_second_that_passes_between_the_two_tokens_of_a_login_shortens_no_bar(clock):
    clock.now = 1001.01
    pair = {"refresh": token(iat=1000, exp=1008), "access": token(iat=1001, exp=1003)}
    timeline = watch(lambda: Answer(200 if clock.now < 1003 else 401), until=401, pair=pair)
    assert timeline.rounded().lifetimes == [("access", 0, 3), ("refresh", 0, 8)]
    lives = Lives()
    for access in (token(iat=1000, exp=1003), pair["access"]):
        lives.add(access)
    assert [phase for phase, _ in lives.measured()] == pytest.approx([0.99, 0.99])


def test_a_token_that_outlives_its_expiry_is_measured_so(clock):
    lives = Lives()
    lives.add(token(iat=1000, exp=1003))
    lives.watch(lambda _token: Answer(200 if clock.now < 1005 else 401), seconds=9)
    assert lives.measured()[0][1] == pytest.approx(5, abs=0.06)


@pytest.mark.parametrize("stall", [0.7, 1.5])
def test_a_machine_that_stalls_changes_no_span(clock, stall):
    lives = Lives()
    for phase in (0.1, 0.8):
        lives.wait_for(phase)
        lives.add(token(iat=1000, exp=1003))

    def present(_token):
        clock.sleep(stall)
        return Answer(200 if clock.now < 1003 else 401)

    lives.watch(present, seconds=9)
    assert lives.span == "2 to 3 s"


def test_a_token_that_expires_while_others_are_still_issued_has_lived_until_its_expiry(clock):
    lives = Lives()
    for second in (1000, 1004):  # between the two logins a slow machine took longer than a token lives
        clock.now = second + 0.5
        lives.add(token(iat=second, exp=second + 3))
    lives.watch(lambda text: Answer(200 if clock.now < claims.expiry(text) else 401), seconds=9)
    assert [lived for _, lived in lives.measured()] == pytest.approx([2.5, 2.5])


def test_lives_that_do_not_end_are_said_to_go_on(clock):
    lives = Lives()
    lives.add(token(iat=1000, exp=1300))
    lives.watch(lambda _token: Answer(200), seconds=5)
    assert lives.span == "longer than you watched"
    assert "and on" in lives.text()
    assert clock.now - 1000 == pytest.approx(5, abs=0.1)
