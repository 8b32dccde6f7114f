"""A request or an answer as a lesson shows it, and one as it really came."""

import http.client
import re
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from .blocks import Block
from .lesson_error import LessonError

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
REQUEST = re.compile(rf"(?:{'|'.join(METHODS)}) \S+(?: HTTP/1\.1)?")
ANSWER = re.compile(r"HTTP/1\.[01] \d{3}( .*)?")
LESSONS_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\S+)?")
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
class Answer:
    """What the server sent."""

    first: str
    headers: http.client.HTTPMessage
    body: str


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


def send(url: str, request: Message) -> Answer:
    """Send it as it stands, with no header of our own but `Host` and `Content-Length`."""
    method, target, *_version = request.first.split()
    headers = [(name, value) for name, value, _ in request.headers if not is_ours(name, value)]
    body = request.body.encode()
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=LIMIT)) as connection:
        connection.putrequest(
            method, path_of(target), skip_host=has(headers, "host"), skip_accept_encoding=True
        )
        for name, value in headers:
            connection.putheader(name, value.encode())
        if not has(headers, "content-length") and (body or method in ("POST", "PUT", "PATCH")):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        return received(connection.getresponse())


def received(response: http.client.HTTPResponse) -> Answer:
    version = {10: "HTTP/1.0", 11: "HTTP/1.1"}[response.version]
    first = f"{version} {response.status} {response.reason}".rstrip()
    return Answer(first, response.headers, response.read().decode(errors="replace"))


def is_ours(name: str, value: str) -> bool:
    """Whether the header only names the address that a lesson shows, where the real port is another."""
    return name.lower() == "host" and bool(LESSONS_HOST.fullmatch(value))


def has(headers: list[tuple[str, str]], wanted: str) -> bool:
    return any(name.lower() == wanted for name, _ in headers)


def path_of(target: str) -> str:
    """The path and query of a target, which may be shown with scheme and host."""
    parts = urlsplit(target)
    query = f"?{parts.query}" if parts.query else ""
    return parts.path + query if parts.scheme else target
