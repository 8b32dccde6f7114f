"""What went over the wire: every request as it left this process, and in words that show no secret."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import requests
from requests.adapters import HTTPAdapter

from .claims import parts
from .errors import WorkshopError
from .expect import ENCODED_TOKEN

ORDINARY = {"accept", "accept-encoding", "authorization", "connection", "user-agent", "content-type"}
UNRECORDED = "unrecorded"  # how a thread is named whose requests are not those of a check
SCHEME = re.compile(r"[A-Za-z][A-Za-z-]*:?")


class Exchange:
    """One request as it was when it was sent, and its response; what is not known of it here, the response knows.

    `request` is a copy: code that sends the same object again, with another header, does not rewrite the past.
    `trusting` is true where any certificate would have been accepted.
    """

    def __init__(self, request: requests.PreparedRequest, response: requests.Response, *, trusting: bool):
        self.request, self.response, self.trusting = request, response, trusting

    def __getattr__(self, name: str) -> Any:
        return getattr(self.response, name)


@contextmanager
def recorded() -> Iterator[list[Exchange]]:
    """Every exchange from now on, in the order of the responses.

    It is noted where `requests` hands a request to the network, so it does not matter which session, hook, adapter or
    `AuthBase` made it.
    """
    exchanges: list[Exchange] = []
    send = HTTPAdapter.send
    HTTPAdapter.send = noting(send, exchanges)
    try:
        yield exchanges
    finally:
        HTTPAdapter.send = send


def noting(send: Callable, exchanges: list[Exchange]) -> Callable:
    def sending(adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **options: Any):
        if threading.current_thread().name.startswith(UNRECORDED):
            return send(adapter, request, *args, **options)
        sent = request.copy()
        response = send(adapter, request, *args, **options)
        exchanges.append(Exchange(sent, response, trusting=options.get("verify") is False))
        return response

    return sending


def sent(exchanges: list[Exchange], otherwise: str = "no request") -> str:
    """The last request in words; with several, how many there were."""
    if not exchanges:
        return otherwise
    more = f", the last of {len(exchanges)} requests" if len(exchanges) > 1 else ""
    return described(exchanges[-1].request) + more


def described(request: requests.PreparedRequest) -> str:
    """Method, path, credentials and body in words: `GET /orders/ with Authorization: Bearer <access token>`."""
    path, _, query = request.path_url.partition("?")
    named = ", ".join(name for name, _ in parse_qsl(query, keep_blank_values=True)) or (query and "a query")
    pieces = [credentials(request.headers), *other_headers(request.headers), body(request)]
    if named:
        pieces.append(f"{named} in the address")
    *most, last = [piece for piece in pieces if piece]
    return f"{request.method} {path} with {', '.join(most)}{' and ' if most else ''}{last}"


def credentials(headers: Mapping[str, str]) -> str:
    """The Authorization header, with the kind of token in place of each token."""
    if "Authorization" not in headers:
        return "no Authorization header"
    return f"Authorization: {spelled(as_text(headers['Authorization']))}".rstrip()


def spelled(value: str) -> str:
    """The words of the header: a scheme stays, a token is named by its kind, other text is not shown."""
    words = value.split()
    return " ".join([*map(first_word, words[:1]), *map(later_word, words[1:])]) or "<nothing>"


def first_word(word: str) -> str:
    return word if SCHEME.fullmatch(word) else later_word(word)


def later_word(word: str) -> str:
    """The kind of token in place of the token; what stuck to it, such as `Bearer`, stays when it is a scheme."""
    found = ENCODED_TOKEN.search(word)
    if not found:
        return "<other text>"
    before = word[: found.start()]
    return f"{before if SCHEME.fullmatch(before) else ''}<{kind(found[0])}>"


def kind(token: str) -> str:
    """`access token` or `refresh token`, as the token says of itself; else `token`."""
    try:
        said = parts(token)[1].get("token_type")
    except WorkshopError:
        return "text that is no token"
    return f"{said} token" if said in ("access", "refresh") else "token"


def other_headers(headers: Mapping[str, str]) -> list[str]:
    """Headers that carry a token and are not the one for it."""
    return [
        f"a header {name}: {spelled(as_text(value))}"
        for name, value in headers.items()
        if name.lower() not in ORDINARY and ENCODED_TOKEN.search(as_text(value))
    ]


def body(request: requests.PreparedRequest) -> str:
    """The names of what the body holds and in which form; tokens by their kind."""
    if not request.body or not isinstance(request.body, str | bytes):
        return "a streamed body" if request.body else ""
    text = as_text(request.body)
    form = as_text(request.headers.get("Content-Type", ""))
    if form.startswith("application/json"):
        return f"the JSON body {in_json(text)}"
    if form.startswith("application/x-www-form-urlencoded"):
        return f"the form fields {', '.join(name for name, _ in parse_qsl(text, keep_blank_values=True))}"
    return f"a body of {len(text)} characters that is neither JSON nor a form"


def in_json(text: str) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "that cannot be read"
    if not isinstance(found, dict):
        return f"of a {type(found).__name__}"
    return "{" + ", ".join(f"{name}: {value_told(value)}" for name, value in found.items()) + "}"


def value_told(value: Any) -> str:
    if isinstance(value, str) and ENCODED_TOKEN.fullmatch(value):
        return f"<{kind(value)}>"
    return "..." if isinstance(value, str) else type(value).__name__


def as_text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
