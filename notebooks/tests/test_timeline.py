"""The timeline: bars and marks where they belong, in text and as a plot."""

import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from workshop.display import timeline
from workshop.display.drawing import STORED
from workshop.display.timeline import Timeline


def drawn(lifetimes=(), answers=(), width=60):
    """The rows of a timeline, by their labels; rows without a label belong to the responses."""
    rows = {}
    for line in Timeline(start=0, lifetimes=[*lifetimes], answers=[*answers]).text(width).splitlines():
        rows.setdefault(line[:9].strip() or "responses", []).append(line[10:])
    return rows


def test_nothing_at_all_can_be_drawn():
    assert drawn() == {"seconds": ["0" + " " * 58 + "1"]}


def test_a_dead_token_is_drawn_as_a_point():
    assert drawn([("access", 2, 1)], [(2, 401)])["access"][0].strip() == "||"


def test_a_token_obtained_after_the_last_answer_stays_inside_the_picture():
    lines = Timeline(start=0, lifetimes=[("access", 50, 350)], answers=[(1, 200)]).text()
    assert max(map(len, lines.splitlines())) <= 10 + 61


def test_a_bar_that_goes_on_ends_with_an_arrow():
    rows = drawn([("access", 0, 3), ("refresh", 0, 86_400)], [(0, 200), (4, 401)])
    assert rows["access"][0].endswith("|")
    assert rows["refresh"][0].endswith("=>")


def test_bars_and_statuses_stand_at_their_seconds():
    rows = drawn([("access", 1, 4)], [(0, 200), (5, 401), (10, 200)], width=61)
    assert rows["seconds"] == ["0     1     2     3     4     5     6     7     8     9"]
    assert rows["access"] == ["      |=================|"]
    assert rows["responses"] == ["200                           401                           200"]


def test_two_answers_at_one_place_stand_below_each_other():
    assert drawn(answers=[(0, 200), (0.01, 401), (0.02, 200), (10, 403)], width=41)["responses"] == [
        "200                                     403",
        "401",
        "200",
    ]


def test_equal_answers_in_a_row_are_reported_once():
    assert timeline.changes([(0, 200), (1, 200), (2, 401), (3, 401), (4, 200)]) == [
        (0, 200),
        (2, 401),
        (4, 200),
    ]


@pytest.mark.parametrize("length", [1, 4, 59, 600, 86_400, 10_000_000])
def test_the_axis_has_room_for_its_seconds(length):
    line = timeline.axis(length, 59 / length, 60)
    numbers = [int(number) for number in line.split()]
    assert len(line) <= 60
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 0


def test_the_plot_carries_its_text_and_marks_refusals_by_shape():
    picture = Timeline(start=0, lifetimes=[("<access>", 0, 3)], answers=[(0, 200), (4, 401)])
    bundle = picture._repr_mimebundle_()
    root = ElementTree.fromstring(bundle["text/html"])  # noqa: S314
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"].split() == bundle["text/plain"].split()
    assert picture._points(True, 1) == ([0], [1])
    assert picture._points(False, 1) == ([4], [1])


def test_without_matplotlib_the_text_is_left(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert Timeline(start=0, answers=[(0, 200)])._repr_mimebundle_().keys() == {"text/plain", STORED}


def test_watching_ends_with_the_first_answer_of_that_status(monkeypatch):
    monkeypatch.setattr(timeline, "POLL", 0)
    answers = iter([200, 200, 401, 200])
    seen = timeline.watch(lambda: SimpleNamespace(status_code=next(answers)), until=401)
    assert [status for _, status in seen.answers] == [200, 200, 401]
    assert list(answers) == [200]


def test_watching_gives_up_ten_seconds_after_the_last_expiry(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(timeline, "Timeline", lambda: Timeline(start=0))
    monkeypatch.setattr(timeline, "time", SimpleNamespace(time=lambda: next(clock), sleep=lambda _: None))
    seen = timeline.watch(lambda: SimpleNamespace(status_code=200), until=401)
    assert 1 < len(seen.answers) <= 10


def test_a_span_is_a_bar_of_whole_seconds_that_belongs_to_no_token():
    story = Timeline(start=timeline.time.time() - 0.3)
    story.span("keys are kept", 8)
    story.answers = [(1.5, 401), (8.4, 200)]
    rounded = story.rounded()
    assert (rounded.lifetimes, rounded.answers) == ([("keys are kept", 0, 8)], [(0, 401), (8, 200)])


def test_watching_goes_on_with_a_timeline_that_was_begun():
    story = Timeline()
    story.answer(401)
    watched = timeline.watch(lambda: SimpleNamespace(status_code=200), until=200, seconds=5, timeline=story)
    assert watched is story
    assert [status for _, status in story.answers] == [401, 200]
