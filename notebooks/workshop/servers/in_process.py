"""A server and the commands of a tree in this process, for a place that has no processes: a browser's tab."""

import io
import itertools
import sys
from collections import deque
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import NewConnectionError

from .in_memory import NOBODY, Connection, Listener
from .world import World, uncollected

PORTS = itertools.count(40_001)
SERVERS: dict[int, "Server | Door"] = {}  # those that run, by their ports


class Server:
    """A running server. `running` is False from the start for one that could not begin: the log says why."""

    pid = None

    def __init__(self, tree: Path, port: int, variables: dict[str, str], log: deque[str]):
        self.port = port or next(PORTS)
        lines = Lines(log)
        variables = variables | {"WORKSHOP_IN_PARENT": "1"}
        self.world, self.listener = World(tree, variables, lines, lines), Listener()
        with self.world.entered(), uncollected():
            self.listener.install()
        self.world.manage(["runserver", "--noreload", "--stop-with-parent", f"127.0.0.1:{self.port}"])
        lines.end()
        self.running = self.listener.server is not None
        if self.running:
            SERVERS[self.port] = self
            connect_here()

    def ready(self, _limit: float) -> bool:
        """Whether it listens, or has ended: nothing is still to come."""
        return True

    def finish_log(self, _limit: float) -> None:
        """Everything was said already."""

    def end(self, _limit: float) -> None:
        if self.running:
            del SERVERS[self.port]
            self.world.close()
        self.running = False

    def respond(self, request: bytes) -> bytes:
        with self.world.entered():
            return self.listener.respond(request)


class Door:
    """A port of this process at which a handler of `http.server` responds, from `open` to `close`."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]):
        self.handler, self.port = handler, next(PORTS)

    def open(self) -> None:
        SERVERS[self.port] = self
        connect_here()

    def close(self) -> None:
        del SERVERS[self.port]

    def respond(self, request: bytes) -> bytes:
        connection = Connection(request)
        self.handler(connection, NOBODY, self)
        return bytes(connection.sent)


def command(
    tree: Path, arguments: list[str], variables: dict[str, str], folder: Path | None = None
) -> tuple[int, str, str]:
    """Exit code, output and errors of a management command of the tree, started in that folder or in the tree."""
    world = World(tree, variables, io.StringIO(), io.StringIO(), folder)
    code = world.manage(arguments)
    world.close()
    return code, world.out.getvalue(), world.err.getvalue()


class Lines(io.TextIOBase):
    """A stream whose lines become entries of a log."""

    def __init__(self, log: deque[str]):
        self.log, self.begun = log, ""

    def write(self, text: str) -> int:
        *lines, self.begun = (self.begun + text).split("\n")
        self.log.extend(lines)
        return len(text)

    def end(self) -> None:
        """What has no line end is a line, too."""
        if self.begun:
            self.write("\n")


class ClientSocket:
    """The client's end of a connection to a server of this process: reading is what makes the server respond."""

    def __init__(self, server: "Server | Door"):
        self.server, self.sent = server, bytearray()

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def makefile(self, *_mode: object) -> io.BytesIO:
        return io.BytesIO(self.server.respond(bytes(self.sent)))

    def nothing(self, *_arguments: object) -> None:
        """What only a real connection needs."""

    close = setsockopt = settimeout = shutdown = nothing


def connect_here() -> None:
    """From now on `requests` reaches the servers of this process; any other address as before."""
    if not issubclass(HTTPConnectionPool.ConnectionCls, PooledConnection):
        HTTPConnectionPool.ConnectionCls = PooledConnection


class PooledConnection(HTTPConnectionPool.ConnectionCls):
    """A connection of urllib3 that looks among the servers of this process first."""

    def _new_conn(self) -> object:
        if self.host == "127.0.0.1" and self.port in SERVERS:
            return ClientSocket(SERVERS[self.port])
        if sys.platform == "emscripten":
            raise NewConnectionError(self, "no server in this tab listens there, and a tab reaches no other.")
        return super()._new_conn()

    @property
    def is_connected(self) -> bool:
        """A connection in memory is over with its response, so the next request makes a new one."""
        return not isinstance(self.sock, ClientSocket) and super().is_connected
