"""Every lesson has the parts that a reader relies on, in one order."""

import re

import pytest

from workshop.learner import manifest

STEPS = manifest.steps()
PARTS = (
    "**Before you start:**",
    "Questions this lesson answers:",
    "Two questions from ",
    "## Now you",
    "## Key points",
    "## What you have now",
    "<summary>Answers</summary>",
    "## Further reading",
    "**Next:**",
)
FIGURE = re.compile(r"^```(mermaid|text)$|^!\[", re.M)


@pytest.fixture(params=STEPS, ids=lambda step: step.stem)
def text(request):
    return request.param.lesson.read_text(encoding="utf-8")


def test_a_lesson_has_its_parts_in_order(text):
    missing = [part for part in PARTS if part not in text]
    assert missing == []
    places = [text.index(part) for part in PARTS]
    assert places == sorted(places)


def test_a_lesson_begins_with_two_questions_whose_answers_are_folded(text):
    head = text.partition("\n## ")[0]
    assert head.count("<details>") == head.count("<summary>") == 2


def test_a_lesson_ends_with_three_questions_their_answers_and_links_to_read_on(text):
    recall, _, rest = text.partition("## What you have now")[2].partition("<summary>Answers</summary>")
    answers, _, reading = rest.partition("## Further reading")
    for part in (recall, answers):
        assert re.findall(r"^(\d)\. ", part, re.M) == ["1", "2", "3"]
    assert reading.count("](https://") >= 2


def test_a_lesson_that_shows_tokens_has_a_figure_told_in_words(text):
    if not text.startswith("# 00"):
        assert FIGURE.search(text)
        assert "In words:" in text
