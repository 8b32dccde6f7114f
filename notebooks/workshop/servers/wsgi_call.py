"""Ask a WSGI application directly, without a socket: what a server in this process does for each request."""

import io
import sys
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

UNPREFIXED = ("CONTENT_TYPE", "CONTENT_LENGTH")  # the two headers that CGI names without HTTP_


class Answered(NamedTuple):
    """What the application gave."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


def call(
    application: Callable, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes
) -> Answered:
    """Send one request to the application, and give its whole response."""
    given: dict = {}

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        given.update(status=status, headers=headers)

    chunks = application(environ(method, url, headers, body), start_response)
    try:
        text = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    number, _, reason = given["status"].partition(" ")
    return Answered(int(number), reason, given["headers"], b"" if method == "HEAD" else text)


def environ(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> dict:
    """The request as PEP 3333 spells it; it comes from this machine."""
    address = urlsplit(url)
    variables = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(address.path).decode("latin-1"),
        "QUERY_STRING": address.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(address.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": address.netloc,
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "CONTENT_TYPE": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    return variables | {variable(name): value for name, value in headers}


def variable(header: str) -> str:
    """The name of a request header in the environ."""
    name = header.upper().replace("-", "_")
    return name if name in UNPREFIXED else f"HTTP_{name}"
