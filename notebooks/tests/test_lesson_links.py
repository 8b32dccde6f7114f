"""Finding links that lead nowhere and tokens that were committed, on toy files."""

import base64

import pytest

from workshop.authoring.links import broken
from workshop.authoring.token_literals import token_lines

TOKEN_START = base64.urlsafe_b64encode(b'{"alg":"HS256"}').rstrip(b"=")


@pytest.fixture
def clone(tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "README.md").write_text(
        "# The `make` commands, again\n\n```\n# no heading\n```\n\n## Twice\n\n## Twice\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("[x](lost.md)", "there is no lost.md"),
        ("![x](../lessons/lost.png)", "there is no ../lessons/lost.png"),
        ("[x](../../elsewhere.md)", "it leaves the repository"),
        ("[x](../README.md#lost)", "README.md has no heading #lost"),
        ("[x](../README.md#no-heading)", "README.md has no heading #no-heading"),
        ("[x](../README.md#twice-2)", "README.md has no heading #twice-2"),
        ("[x](#lost)", "toy.md has no heading #lost"),
        ("[x]: lost.md", "there is no lost.md"),
        ('<img src="lost.svg" alt="">', "there is no lost.svg"),
        ("[![x](../README.md)](lost.md)", "there is no lost.md"),
    ],
)
def test_a_link_that_leads_nowhere_is_reported(clone, link, says):
    lesson = clone / "lessons/toy.md"
    lesson.write_text(f"# Here\n\n{link}\n")
    (told,) = broken(lesson, clone)
    assert told.startswith("lessons/toy.md:3: ")
    assert says in told


@pytest.mark.parametrize(
    "link",
    [
        "[x](../README.md)",
        "[x](..)",
        "[x](../README.md#the-make-commands-again)",
        "[x](../README.md#twice-1)",
        "[x](#here)",
        "[x](https://example.com/lost.md#lost)",
        "`[x](lost.md)`",
        "```text\n[x](lost.md)\n```",
    ],
)
def test_a_link_that_leads_somewhere_passes(clone, link):
    lesson = clone / "lessons/toy.md"
    lesson.write_text(f"# Here\n\n{link}\n")
    assert broken(lesson, clone) == []


@pytest.mark.parametrize("around", [b"a\n%s", b'a\n"Bearer %s.x.y"', b'"\n\\n%s"'])
def test_a_token_is_found(around):
    assert token_lines(around % TOKEN_START) == [2]


@pytest.mark.parametrize("text", [TOKEN_START[:7], b"sha512-eyJAAAAAAAAAAAA==", b"an eye and a JSON file"])
def test_what_is_no_token_passes(text):
    assert token_lines(text) == []
