"""An address where a service publishes its public keys, and what can go wrong there."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONGEST = 60  # seconds that a slow response takes, when nobody ends it before
RESPONSES = {
    "error": (500, "text/plain", b"Internal Server Error"),
    "empty": (200, "application/json", b'{"keys": []}'),
    "deep": (200, "application/json", b"[" * 100_000),  # Python's reader gives up with a RecursionError
    "HTML": (200, "text/html", b"<!doctype html><title>Please sign in</title>"),
}
FAULTS = ("down", *RESPONSES, "slow")  # down: nobody listens at the port


class Publisher:
    """Serves a JWKS on a free port, for as long as the `with` block runs or until `stop()`.

    `publish(keys)` says which keys, also `after` some seconds; `fail("HTML")` what is wrong there instead: one of FAULTS. `asked` counts requests,
    and `paths` holds what they were for.
    """

    def __init__(self, keys: list[dict] | None = None):
        self.asked, self.paths, self.delay = 0, set(), 0.0
        self._over = threading.Event()  # ends the slow responses
        self._holder: socket.socket | None = None
        self._open(0)
        self.publish(keys or [])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/jwks.json"

    def publish(self, keys: list[dict], *, after: float = 0) -> None:
        self.delay = after  # seconds
        self._respond((200, "application/json", json.dumps({"keys": keys}).encode()))

    def fail(self, fault: str) -> None:
        self.delay = 0
        self._respond(RESPONSES.get(fault))
        if fault == "down":
            self._close()
            self._holder = socket.socket()  # keeps the port, and listens to nobody
            self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._holder.bind(("127.0.0.1", self._port))

    def stop(self) -> None:
        self._over.set()
        self._close()

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _respond(self, response: tuple[int, str, bytes] | None) -> None:
        """The response from now on; None never comes. Whoever still waits for an earlier one gets nothing."""
        self._over.set()
        self._over, self.response = threading.Event(), response
        if self._holder:
            self._holder.close()
            self._holder = None
            self._open(self._port)

    def _open(self, port: int) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._server.publisher = self
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _close(self) -> None:
        if self._holder:
            self._holder.close()
            self._holder = None
        else:
            self._server.shutdown()
            self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Gives what its publisher says."""

    def do_GET(self) -> None:
        publisher = self.server.publisher
        publisher.asked += 1
        publisher.paths.add(self.path)
        if publisher.response is None:
            publisher._over.wait(LONGEST)
            return
        time.sleep(publisher.delay)
        status, kind, body = publisher.response
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: `asked` is what is of interest."""
