"""Django's development server without a socket: it takes the bytes of a request and gives the bytes of the response.

The files of a page in a browser tab use this module by itself: it imports nothing of the workshop.
"""

import io
from collections.abc import Callable
from importlib import import_module
from socketserver import ThreadingMixIn

NOBODY = ("127.0.0.1", 0)  # the other side of a connection that has no port


class Connection:
    """The server's end of a connection: everything was received already, and what is sent is kept."""

    def __init__(self, received: bytes):
        self.received, self.sent = received, bytearray()

    def makefile(self, mode: str, *_size: object) -> io.BufferedIOBase:
        return io.BytesIO(self.received) if "r" in mode else io.BufferedWriter(Sink(self.sendall))

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def nothing(self, *_arguments: object) -> None:
        """What only a real connection needs."""

    close = setsockopt = settimeout = shutdown = nothing


class Sink(io.RawIOBase):
    """A file whose bytes are sent."""

    def __init__(self, send: Callable[[bytes], None]):
        self.send = send

    def writable(self) -> bool:
        return True

    def write(self, data: memoryview) -> int:
        self.send(bytes(data))
        return len(data)


class Listener:
    """Stands in for the socket of `manage.py runserver`. `respond` may be called once that command has returned."""

    server = None

    def install(self) -> None:
        """Let the `runserver` that is imported next hand its application to this listener, and return."""
        import_module("django.core.servers.basehttp").run = self.run

    def run(self, addr, port, wsgi_handler, *, on_bind, server_cls, **_options) -> None:
        """What Django's own `run` does, up to the moment when it would listen."""
        kind = type("WSGIServer", (ThreadingMixIn, server_cls), {})
        handler = import_module("django.core.servers.basehttp").WSGIRequestHandler
        self.server = kind((addr, port), handler, bind_and_activate=False)
        self.server.server_name, self.server.server_port = addr, port
        self.server.setup_environ()
        self.server.set_app(one_at_a_time(wsgi_handler))
        on_bind(port)

    def respond(self, request: bytes) -> bytes:
        """The whole response to a whole request, as they would be on the wire."""
        connection = Connection(request)
        self.server.RequestHandlerClass(connection, NOBODY, self.server)
        return bytes(connection.sent)


def one_at_a_time(application: Callable) -> Callable:
    """The application, told that it has one thread: it must not hold a response open."""

    def asked(environ: dict, start_response: Callable) -> object:
        return application(environ | {"wsgi.multithread": False}, start_response)

    return asked
