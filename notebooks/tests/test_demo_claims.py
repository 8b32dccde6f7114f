"""The demo's act on claims stops when a claim is not where the story says."""

import io

import jwt
import pytest
from rich.console import Console

from workshop.demo import Story
from workshop.errors import WorkshopError

KEY = "k" * 32


def minted(**claims):
    return jwt.encode({"token_type": "access", "exp": 4_000_000_000} | claims, KEY, "HS256")


@pytest.fixture
def story():
    return Story(None, Console(file=io.StringIO(), width=80))


def test_claims_are_named_and_no_token_is_shown(story):
    token = minted(username="ada")
    story.decode(token, has_name=True)
    said = story.console.file.getvalue()
    assert said.split() == ["its", "access", "token,", "decoded", "token_type,", "exp,", "username"]
    assert token not in said


@pytest.mark.parametrize(("claims", "has_name"), [({}, True), ({"username": "ada"}, False)])
def test_a_claim_that_is_not_as_the_story_says_ends_the_story(story, claims, has_name):
    with pytest.raises(WorkshopError, match=r"The story says (a|no) claim username here"):
        story.decode(minted(**claims), has_name=has_name)
