"""The slides are the lessons, in pages that ask no other host and load nothing."""

import re
from html.parser import HTMLParser

import pytest

from workshop import paths
from workshop.authoring import slides

LESSON = """# 03 · A toy

Questions this lesson answers:

- How long?

Two questions from earlier steps, before you go on.

<details>
<summary>Old?</summary>

Old answer.

</details>

## 1. What comes back?

Before the guess, see [the list](../lost.md).

**Guess first:** which status?

```http
HTTP/1.1 200 OK

<access> & <refresh>
```

```mermaid
flowchart LR
```

It is 200.

A second paragraph.

## Now you

Do it.

## Key points

- A point.

## What you have now

1. Why?

<details>
<summary>Answers</summary>

1. The answer.

</details>

## Further reading

- [Elsewhere](https://example.com/)
"""
LOADING = {"src", "srcset", "href", "data", "poster", "action"}


class Page(HTMLParser):
    """What a page holds: its tags, the attributes that make a browser ask for something, and the words of each slide."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.asks, self.slides = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.asks += [f"{tag} {name}" for name, _ in attributes if name in LOADING or name.startswith("on")]
        if tag == "section":
            self.slides.append("")

    def handle_data(self, data):
        if self.slides:
            self.slides[-1] += data


@pytest.fixture
def toy(tmp_path):
    file = tmp_path / "03_toy.md"
    file.write_text(LESSON)
    return Page(slides.slides(file))


def test_a_guess_and_what_came_back_are_two_slides(toy):
    title, question, response, points, recall = toy.slides
    assert "How long?" in title
    assert "Guess first: which status?" in question and "200" not in question
    assert "<access> & <refresh>" in response and "It is 200." in response
    assert "A second paragraph." not in response
    assert "A point." in points
    assert "Why?" in recall


def test_nothing_that_is_folded_away_is_shown(toy):
    shown = " ".join(toy.slides)
    for hidden in ("Old", "The answer", "flowchart", "Elsewhere", "Do it", "Two questions"):
        assert hidden not in shown


def test_a_long_block_is_cut_where_the_last_row_stops_reading():
    block = "```text\n" + "line\n" * 40 + "```"
    cut = slides.shortened(block).splitlines()
    assert len(cut) == slides.LONGEST + 1
    assert cut[-2:] == ["...", "```"]


@pytest.mark.parametrize("name", ["03_lifetime", "08_reuse_detection", "handout"])
def test_a_page_asks_no_host_and_loads_nothing(tmp_path, name):
    files = {file.stem: file for file in slides.make(tmp_path)}
    text = files[name].read_text()
    page = Page(text)
    assert page.asks == []
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(page.tags)
    assert not re.search(r"url\(|@import", text)
    assert len(page.slides) > 1
    assert all(slide.strip() for slide in page.slides)


def test_every_lesson_has_slides_with_its_key_points(tmp_path):
    made = slides.make(tmp_path)
    lessons = sorted(paths.LESSONS.glob("[0-9][0-9]_*.md"))
    assert [file.stem for file in made] == [*(lesson.stem for lesson in lessons), "handout"]
    handout = made[-1].read_text()
    for lesson, file in zip(lessons, made, strict=False):
        title = lesson.read_text().splitlines()[0].removeprefix("# ")
        assert "Key points" in file.read_text(), lesson.name
        assert title in Page(handout).slides[-1]
