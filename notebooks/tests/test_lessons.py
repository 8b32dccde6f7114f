"""Every lesson tells the truth: what it shows is what the tree holds and what the server answers."""

import pytest

from workshop import paths
from workshop.authoring.lesson_examples import LessonError, run
from workshop.authoring.lesson_examples.links import broken
from workshop.authoring.lesson_examples.token_literals import committed, token_lines

README = [path for path in [paths.ROOT / "README.md"] if path.exists()]
LESSONS = sorted(paths.LESSONS.rglob("*.md"))
SOLUTIONS = sorted(paths.SOLUTIONS.glob("*/README.md"))
GITHUB = sorted((paths.ROOT / ".github").glob("*.md"))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("lesson", README + LESSONS, ids=paths.shown)
def test_a_lesson_shows_what_really_happens(lesson):
    told_by(lesson)


@pytest.mark.parametrize("readme", SOLUTIONS, ids=paths.shown)
def test_a_solution_shows_the_files_as_they_are(readme):
    told_by(readme, files_only=True)


@pytest.mark.parametrize("path", README + LESSONS + SOLUTIONS + GITHUB, ids=paths.shown)
def test_every_link_leads_somewhere(path):
    told = broken(path, paths.ROOT)
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def test_no_token_is_committed():
    lines = [(path, line) for path in committed(paths.ROOT) for line in token_lines(path.read_bytes())]
    told = [f"{paths.shown(path)}:{line}: here stands an encoded token." for path, line in lines]
    if told:
        pytest.fail("\n".join([*told, "Mint it at run time, or show <access> or <refresh>."]), pytrace=False)


def told_by(text, **options):
    """Fail with file and line, and without a traceback, at the first thing that is not so."""
    try:
        run(text, **options)
    except LessonError as error:
        pytest.fail(str(error), pytrace=False)
