"""Two `http` blocks, a request and its response: the request is sent as shown, the real response is compared."""

import http.client
import json
import re
from contextlib import closing
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from .lesson_error import LessonError, diff
from .markdown import Block
from .placeholders import PLACEHOLDER, Dots, Placeholders, without_numbers
from .session import Session

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
REQUEST = re.compile(rf"(?:{'|'.join(METHODS)}) \S+(?: HTTP/1\.1)?")
ANSWER = re.compile(r"HTTP/1\.[01] \d{3}( .*)?")
LESSONS_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\S+)?")
STRING_OR_BARE = re.compile(rf'"(?:[^"\\]|\\.)*"|{PLACEHOLDER.pattern}|\.\.\.')
BARE = "\0"  # in canonical JSON, before and after what the lesson shows outside a string
LIMIT = 30  # seconds


@dataclass(frozen=True)
class Message:
    """First line, headers and body, each with its line in the lesson."""

    line: int
    first: str
    headers: list[tuple[str, str, int]]
    body: str
    body_line: int


@dataclass(frozen=True)
class Response:
    """What the server sent."""

    first: str
    headers: http.client.HTTPMessage
    body: str


def check(session: Session, asked: Block, answered: Block) -> None:
    """Send the request; `LessonError` at the first line of the response that the server does not send."""
    request, shown = filled(session.placeholders, read(asked)), read(answered)
    try:
        real = send(session.url, request)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise LessonError(f"the request cannot be sent: {error}.", request.line) from error
    if shown.first != real.first:
        both = f"the server sent {real.first}, the lesson shows {shown.first}"
        raise LessonError(f"{both}; its body is {beginning(real)}", shown.line)
    compare_headers(session.placeholders, shown, real)
    compare_bodies(session.placeholders, shown, real)


def read(block: Block) -> Message:
    """The message in a block; `LessonError` names a header line without a colon."""
    blank = block.lines.index("") if "" in block.lines else len(block.lines)
    headers = []
    for number, line in enumerate(block.lines[1:blank], block.line + 1):
        name, colon, value = line.partition(":")
        if not colon:
            raise LessonError(
                f"{line!r} is no header: a header has a colon, and a blank line ends the headers.", number
            )
        headers.append((name.strip(), value.strip(), number))
    body = "\n".join(block.lines[blank + 1 :]).rstrip("\n")
    return Message(block.line, block.first, headers, body, block.line + blank + 1)


def filled(known: Placeholders, request: Message) -> Message:
    headers = [(name, known.fill(value, line), line) for name, value, line in request.headers]
    body = known.fill(request.body, request.body_line)
    return replace(request, first=known.fill(request.first, request.line), headers=headers, body=body)


def send(url: str, request: Message) -> Response:
    """Send it as shown, with no header of our own but `Host` and `Content-Length`."""
    method, target, *_version = request.first.split()
    parts = urlsplit(target)  # the target may be shown with scheme and host
    path = parts.path + (f"?{parts.query}" if parts.query else "") if parts.scheme else target
    headers = [(name, value) for name, value, _ in request.headers if not is_ours(name, value)]
    given = {name.lower() for name, _ in headers}
    body = request.body.encode()
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=LIMIT)) as connection:
        connection.putrequest(method, path, skip_host="host" in given, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value.encode())
        if "content-length" not in given and (body or method in ("POST", "PUT", "PATCH")):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        got = connection.getresponse()
        first = f"HTTP/{got.version / 10} {got.status} {got.reason}".rstrip()
        return Response(first, got.headers, got.read().decode(errors="replace"))


def is_ours(name: str, value: str) -> bool:
    """Whether the header only names the address that a lesson shows, where the real port is another."""
    return name.lower() == "host" and bool(LESSONS_HOST.fullmatch(value))


def compare_headers(known: Placeholders, shown: Message, real: Response) -> None:
    for name, value, line in shown.headers:
        values = real.headers.get_all(name)
        if values is None:
            raise LessonError(f"the lesson shows a header {name}, and the server sent none.", line)
        if why := known.compare(value, ", ".join(values)):
            sent = without_numbers(", ".join(values))
            raise LessonError(
                f"header {name}: the server sent {sent!r}, the lesson shows {value!r} ({why}).", line
            )


def compare_bodies(known: Placeholders, shown: Message, real: Response) -> None:
    if shown.body.strip() == "...":
        return
    if "json" in real.headers.get_content_type() and real.body:
        wanted, got, dots = canonical(shown, real), pretty(json.loads(real.body)), Dots.JSON
    else:
        wanted, got, dots = f"{shown.body}\n", f"{real.body.rstrip()}\n", Dots.LINES
    if why := known.compare(wanted, got, dots):
        difference = diff(*(without_numbers(text).splitlines() for text in (wanted, got)))
        raise LessonError(f"the server sent another body ({why}).{difference}", shown.body_line)


def canonical(shown: Message, real: Response) -> str:
    """The JSON that a lesson shows, one value a line; placeholders and `...` may be outside its strings."""
    quoted = STRING_OR_BARE.sub(
        lambda found: found[0] if found[0][0] == '"' else json.dumps(f"{BARE}{found[0]}{BARE}"), shown.body
    )
    try:
        return re.sub(r'"\\u0000(.*?)\\u0000"', r"\1", pretty(json.loads(quoted)))
    except ValueError as error:
        raise LessonError(
            f"the body shown is no JSON ({error}); the server sent {beginning(real)}", shown.body_line
        ) from error


def pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def beginning(real: Response) -> str:
    """Enough of the body to see what happened, and no token."""
    if real.headers.get_content_type() == "text/html":
        return "an HTML page."
    return without_numbers(real.body)[:500] or "empty."
