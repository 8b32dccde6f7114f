"""A server that poses as the shop over HTTPS, with a certificate that an authority of its own made for its address."""

import ssl
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from .own_process import Door  # a tab has no sockets


class Impostor:
    """Runs while the `with` block does. `received` names the requests of clients that let its certificate pass.

    Nobody trusts its `authority`, a file; whoever does must still refuse `url_of_another_name`.
    """

    def __init__(self, folder: Path) -> None:
        self.received: list[str] = []
        self.authority = folder / "authority.pem"
        handler = type("Handler", (Handler,), {"received": self.received})
        self._door = Door(handler, tls=certified(folder))
        self.url = f"https://127.0.0.1:{self._door.port}"
        self.url_of_another_name = f"https://localhost:{self._door.port}"

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


def certified(folder: Path) -> ssl.SSLContext:
    """What a server needs for HTTPS, with a certificate that was made a moment ago, in this folder."""
    from deploy import certificates  # late: a browser's tab has neither sockets nor this library

    certificates.make(folder, host="shop.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "shop.pem", folder / "shop.key")
    return context
