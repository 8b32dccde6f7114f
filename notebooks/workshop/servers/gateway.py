"""What a real shop has in front of it: a reverse proxy, which sometimes answers in the shop's place."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

import urllib3

from . import transport

KEPT = ("Content-Type", "WWW-Authenticate")  # headers of the shop's response that are passed on
FRAMING = ("host", "connection", "content-length", "transfer-encoding")  # each connection has its own
PATIENCE = 10  # seconds
BUSY = (429, 503)  # when the gateway says one of these, it says that the client may come back at once


class Reply(NamedTuple):
    """What the gateway itself says to one request. With a `location` it sends the client there."""

    status: int
    type: str
    body: str
    location: str = ""


NO_RESPONSE = Reply(0, "", "")  # it closes the connection and says nothing


class Gateway:
    """Passes requests on to `url` while the `with` block runs, with whole bodies, as nginx does.

    `replies` are its own: `{"/path/": [Reply(...)]}`. Each is given once, in order; then it passes on again.
    `received` is what came in: of each request the method and address, and the bytes of the body.
    """

    def __init__(self, url: str, replies: dict[str, list[Reply]] | None = None):
        self.shop = url
        self.replies = replies or {}
        self.received: list[tuple[str, bytes]] = []
        self._door = transport.Door(type("Handler", (Handler,), {"gateway": self}))
        self.url = f"http://127.0.0.1:{self._door.port}"

    def __enter__(self) -> "Gateway":
        self._door.open()
        return self

    def __exit__(self, *_error: object) -> None:
        self._door.close()


class Handler(BaseHTTPRequestHandler):
    """One request: answered by the gateway itself, or passed on to the shop."""

    gateway: Gateway

    def do_GET(self) -> None:
        body = b"".join(self.pieces())
        self.gateway.received.append((f"{self.command} {self.path}", body))
        own = self.gateway.replies.get(self.path.partition("?")[0])
        if own:
            self.say(own.pop(0))
        else:
            self.pass_on(body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_GET  # noqa: N815 - http.server's names

    def pieces(self) -> Iterator[bytes]:
        """The body, piece by piece, with its length announced or in chunks (RFC 9112, section 7.1)."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield self.rfile.read(int(self.headers.get("Content-Length", 0)))
            return
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def pass_on(self, body: bytes) -> None:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in FRAMING}
        options = {"timeout": PATIENCE, "redirect": False, "retries": False}
        response = urllib3.request(
            self.command, f"{self.gateway.shop}{self.path}", body=body, headers=headers, **options
        )
        kept = [(name, response.headers[name]) for name in KEPT if name in response.headers]
        self.reply(response.status, kept, response.data)

    def say(self, own: Reply) -> None:
        if own == NO_RESPONSE:
            self.close_connection = True
            return
        again = "0" if own.status in BUSY else ""
        headers = {"Content-Type": own.type, "Location": own.location, "Retry-After": again}
        self.reply(own.status, [(name, value) for name, value in headers.items() if value], own.body.encode())

    def reply(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nothing: a check reads what the client printed."""
