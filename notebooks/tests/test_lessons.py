"""Every lesson tells the truth: what it shows is what the tree holds and what the server answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from workshop import paths
from workshop.authoring.lesson_examples import Lesson, LessonError
from workshop.authoring.links import broken
from workshop.authoring.token_literals import committed, token_lines

README = [path for path in [paths.ROOT / "README.md"] if path.exists()]
LESSONS = sorted(paths.LESSONS.rglob("*.md"))
SOLUTIONS = sorted(paths.SOLUTIONS.glob("*/README.md"))
GITHUB = sorted((paths.ROOT / ".github").glob("*.md"))


class Shown(NamedTuple):
    """One example of a text; of a solution's README only the excerpts of files are examples."""

    text: Path
    number: int
    files_only: bool


def examples(texts: list[Path], *, files_only: bool = False) -> Iterator:
    """A test for each example, named for its line. Those of one text share a server, and run in one process."""
    for text in texts:
        group = pytest.mark.xdist_group(paths.shown(text))
        for number, example in enumerate(Lesson(text, files_only=files_only).examples):
            shown = Shown(text, number, files_only)
            yield pytest.param(shown, id=f"{paths.shown(text)}:{example.line}", marks=group)


@pytest.fixture(scope="module")
def opened() -> Iterator[dict[tuple, Lesson]]:
    """The lesson that is tried now; the one before it is closed."""
    one: dict[tuple, Lesson] = {}
    yield one
    for lesson in one.values():
        lesson.close()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("shown", [*examples(README + LESSONS), *examples(SOLUTIONS, files_only=True)])
def test_an_example_shows_what_really_happens(shown, opened):
    key = (shown.text, shown.files_only)
    if key not in opened:
        for earlier in list(opened):
            opened.pop(earlier).close()
        opened[key] = Lesson(shown.text, files_only=shown.files_only)
    lesson = opened[key]
    if lesson.failed:
        pytest.skip(f"{lesson.name}:{lesson.failed} is not so, and the examples below it build on it")
    try:
        lesson.try_up_to(shown.number)
    except LessonError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.mark.parametrize("path", README + LESSONS + SOLUTIONS + GITHUB, ids=paths.shown)
def test_every_link_leads_somewhere(path):
    told = broken(path, paths.ROOT)
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def test_no_token_is_committed():
    lines = [(path, line) for path in committed(paths.ROOT) for line in token_lines(path.read_bytes())]
    told = [f"{paths.shown(path)}:{line}: this line holds an encoded token." for path, line in lines]
    if told:
        pytest.fail("\n".join([*told, "Mint it at run time, or show <access> or <refresh>."]), pytrace=False)
