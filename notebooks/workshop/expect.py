"""What a check says: what was sent, what came back, what it means, and where to look."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

# Spelled in two halves: a search for token literals must find none in this tree.
ENCODED_TOKEN = re.compile("ey" r"J[\w-]*\.[\w-]+\.?[\w-]*")
ENCODED_PART = re.compile(r"\bey" r"J[\w-]{8,}")  # a header or a payload by itself
# A signature by itself: 43 letters or more, in base64url of all kinds of letters, or in hexadecimal.
SIGNATURE = re.compile(
    r"(?<![\w-])(?:[0-9a-f]{64,}|(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{43,}={0,2})(?![\w-])"
)
BYTES = re.compile(r"\bb'(?:[^'\\]|\\.)*'|" r'\bb"(?:[^"\\]|\\.)*"')  # as repr() writes them

# Said before what a check supposes, which is about something else.
THROTTLED = (
    "429 is the refusal of a throttle: your server counts these requests, too, and they were too many for it."
)


class Unexpected(AssertionError):
    """Something else came back than was wanted. `brief` says what, and leaves out what was sent and what it means."""

    def __init__(self, message: str, brief: str):
        super().__init__(message)
        self.brief = brief


def expect(got: Any, wanted: Any, *, sent: str, means: str, see: str) -> None:
    """Fail unless `got` equals `wanted`, with a message in the four parts a learner needs."""
    if got != wanted:
        brief = f"Expected {told(wanted)}, got {told(got)}."
        if is_throttled(got) and not is_throttled(wanted):
            means = f"{THROTTLED} {means}"
        raise Unexpected(f"Sent {sent}. {brief} {means} → lesson {see}", brief)


def expect_each(got: dict[str, Any], wanted: dict[str, Any], *, sent: str, means: str, see: str) -> None:
    """Compare entry by entry: the message names only those that differ. `got` may have more entries than are wanted."""
    wrong = [name for name in wanted if got[name] != wanted[name]]
    expect(
        {name: got[name] for name in wrong},
        {name: wanted[name] for name in wrong},
        sent=sent,
        means=means,
        see=see,
    )


def is_throttled(value: Any) -> bool:
    """Whether a status in it, wherever it stands, is 429. A number of seconds is none."""
    return re.search(r"\b429\b(?! s\b)", repr(value)) is not None


def tried(call: Callable[[], Any]) -> Any:
    """What the call gives; None when the learner's code refuses, in whatever way. What is not written yet raises as ever."""
    try:
        return call()
    except Exception as error:
        if not_written(error):
            raise
        return None


def not_written(error: BaseException) -> bool:
    """Whether a stub raised it, "step 04: …". A learner may refuse with a NotImplementedError, too, and with other words."""
    return isinstance(error, NotImplementedError) and str(error).startswith("step ")


def reason(response: requests.Response) -> str | None:
    """Why the server refused: `messages[].message` where simplejwt gives it, else `detail`, else None.

    Four different refusals of a token share status 401 and code `token_not_valid`; only this tells them apart.
    """
    body = body_of(response)
    messages = [entry.get("message") for entry in body.get("messages", []) if isinstance(entry, dict)]
    return next(iter(messages), None) or body.get("detail")


def body_of(response: requests.Response) -> dict[str, Any]:
    """The JSON object of a response; an empty one when it holds none."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def answer(response: requests.Response) -> tuple[int, str | None]:
    """Status and reason together: the least that tells one refusal from another."""
    return response.status_code, reason(response)


def leaked(text: str, secrets: dict[str, Any]) -> list[str]:
    """The names of the secrets that the text shows: `leaked(said.by_code(), {"the access token": access})`.

    Of a token, its payload or its signature is enough: the rest can be guessed.
    """
    return [name for name, secret in secrets.items() if any(part in text for part in telling(secret))]


def texts_in(folder: Path) -> list[str]:
    """What the files hold, for a log may be one; a database is none."""
    files = (file for file in folder.rglob("*") if file.is_file() and ".sqlite3" not in file.name)
    return [file.read_text(encoding="utf-8", errors="replace") for file in files]


def telling(secret: Any) -> list[str]:
    """What gives the secret away: itself, or, of a token, either of its last two parts."""
    if not isinstance(secret, str) or not secret:
        return []
    parts = secret.split(".")
    return [part for part in parts[1:] if len(part) > 8] if len(parts) == 3 else [secret]


def told(value: Any) -> str:
    """A value in words, short, and never with a whole token in it."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], int):
        status, why = value
        return f"{status} ({redacted(str(why))})" if why else str(status)
    text = redacted(value if isinstance(value, str) else repr(value))
    return text if len(text) <= 300 else f"{text[:300]} ... ({len(text)} characters)"


def redacted(text: str) -> str:
    """The text with every encoded token replaced by a word, and every part of one: also bytes that are no text."""
    text = ENCODED_TOKEN.sub("<token>", text)
    text = ENCODED_PART.sub("<token part>", text)
    return BYTES.sub(told_bytes, SIGNATURE.sub("<signature>", text))


def told_bytes(found: re.Match) -> str:
    """Bytes that are text stay; others, which may be a signature, are shown as their number."""
    try:
        data = ast.literal_eval(found[0])
    except (SyntaxError, ValueError):
        return "<bytes>"
    return found[0] if data.isascii() and data.decode().isprintable() else f"<{len(data)} bytes>"
