"""A server that poses as the shop over HTTPS: nobody whom a client trusts vouches for its certificate."""

import ssl
import tempfile
from http.server import BaseHTTPRequestHandler

from .own_process import Door  # a tab has no sockets


class Impostor:
    """Runs while the `with` block does. `received` names the requests of clients that let its certificate pass."""

    def __init__(self) -> None:
        self.received: list[str] = []
        handler = type("Handler", (Handler,), {"received": self.received})
        self._door = Door(handler, tls=certified())
        self.url = f"https://127.0.0.1:{self._door.port}"

    def __enter__(self) -> "Impostor":
        self._door.open()
        return self

    def __exit__(self, *_error: object) -> None:
        self._door.close()


class Handler(BaseHTTPRequestHandler):
    """Thanks for whatever comes."""

    received: list[str]

    def do_GET(self) -> None:
        self.received.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"access": "thanks", "refresh": "thanks"}')

    do_POST = do_GET  # noqa: N815 - http.server's name

    def log_message(self, *_words: object) -> None:
        """Nothing: a check reads `received`."""


def certified() -> ssl.SSLContext:
    """What a server needs for HTTPS, with a certificate that was made a moment ago."""
    from deploy.certificates import make  # late: a browser's tab has neither sockets nor this library

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        make(folder)
        context.load_cert_chain(f"{folder}/shop.pem", f"{folder}/shop.key")
    return context
