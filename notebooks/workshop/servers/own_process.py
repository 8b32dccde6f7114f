"""A server and the commands of a tree, each in a process of its own."""

import contextlib
import re
import ssl
import subprocess
import tempfile
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from . import processes

LISTENING = re.compile(r"http://127\.0\.0\.1:(\d+)/")


class Server:
    """A server's process, which dies with this one in any case. `port` is known when it is `ready`."""

    def __init__(self, tree: Path, port: int, variables: dict[str, str], log: deque[str]):
        self.port, self.log, self._ready = port, log, threading.Event()
        options = ["runserver", "--noreload", "--stop-with-parent", f"127.0.0.1:{port}"]
        # Its input is held open for as long as this process lives: its end is the server's end.
        self._process = processes.start([str(tree / "manage.py"), *options], cwd=tree, env=variables)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def ready(self, limit: float) -> bool:
        """Whether it listens, or has ended, within that many seconds."""
        return self._ready.wait(limit)

    def finish_log(self, limit: float) -> None:
        """Return when the log has everything that an ended process said."""
        self._reader.join(limit)

    def end(self, limit: float) -> None:
        """End the process; one that has not ended after that many seconds is killed."""
        self._process.terminate()
        try:
            self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._reader.join(limit)
        if not self._reader.is_alive():  # a program that the tree's code started may still hold the output
            self._process.stdout.close()

    def _read(self) -> None:
        """Keep the server's last lines, and notice the one that names its port."""
        for line in self._process.stdout:
            self.log.append(line.rstrip("\n"))
            if found := LISTENING.search(line):
                self.port = int(found[1])
                self._ready.set()
        self._process.wait()
        self._ready.set()


class Door:
    """A free port of this machine at which a handler of `http.server` responds, from `open` to `close`; over HTTPS with `tls`."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], *, tls: ssl.SSLContext | None = None):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port

    def open(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def command(
    tree: Path, arguments: list[str], variables: dict[str, str], folder: Path | None = None
) -> tuple[int, str, str]:
    """Exit code, output and errors of a management command of the tree, started in that folder or in the tree."""
    output, errors = text_file(), text_file()
    script = [str(tree / "manage.py"), *arguments]
    process = processes.start(script, cwd=folder or tree, env=variables, output=output, errors=errors)
    process.stdin.close()
    code = process.wait()
    return code, read_and_close(output), read_and_close(errors)


def text_file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")


def read_and_close(file: IO[str]) -> str:
    with file:
        file.seek(0)
        return file.read()
