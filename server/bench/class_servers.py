"""The four servers that a class is started against, each a real one in its own processes."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bench import postgresql
from bench.processes import cpu_seconds, mebibytes
from bench.servers import OURS, SERVER, STOCK, address, environment, seed, sqlite, start

# What `make class` gives its SQLite file.
FAST_SQLITE = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}
WORKERS = str(os.cpu_count())
LECTURE, GUNICORN, SQLITE, POSTGRESQL = (
    "lecture: stock, runserver",
    "stock, gunicorn",
    "ours, SQLite",
    "ours, PostgreSQL",
)


@dataclass(frozen=True)
class Server:
    url: str
    pid: int

    def memory(self):
        return mebibytes(self.pid)

    def cpu(self):
        return cpu_seconds(self.pid)


def servers(stack, folder, students):
    """Name and server, not yet started, of each; their databases hold so many students. What they need is on `stack`."""
    manage = [sys.executable, "manage.py"]
    class_server = [*manage, "serve_class", "--bind", "127.0.0.1", "--port", "0"]
    lecture, stock = sqlite(folder / "lecture.sqlite3"), sqlite(folder / "stock.sqlite3")
    ours = sqlite(folder / "ours.sqlite3", **FAST_SQLITE)
    for settings, url in ((STOCK, lecture), (STOCK, stock), (OURS, ours)):
        populate(settings, url, students)
    yield LECTURE, server([*manage, "runserver", "--noreload", "127.0.0.1:0"], STOCK, lecture)
    yield GUNICORN, stock_gunicorn(stock)
    yield SQLITE, server(class_server, OURS, ours)
    if postgresql.is_here():
        url = stack.enter_context(postgresql.cluster())
        populate(OURS, url, students)
        yield POSTGRESQL, server(class_server, OURS, url)


def populate(settings, url, students):
    seed(settings, url)
    command = [sys.executable, "-m", "bench.students", str(students)]
    subprocess.run(command, cwd=SERVER, env=environment(settings, url), check=True)


@contextmanager
def server(command, settings, url, read_address=address):
    with start(command, settings, url) as process:
        try:
            yield Server(read_address(process.stdout), process.pid)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def stock_gunicorn(url):
    """gunicorn as its own page says to start it, with as many workers as ours."""
    port = postgresql.free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", WORKERS, "-b", f"127.0.0.1:{port}", "drf_course.wsgi"]
    return server(command, STOCK, url, lambda _output: when_reachable(port))


def when_reachable(port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return f"http://127.0.0.1:{port}"
        time.sleep(0.05)
    sys.exit("gunicorn did not start. Try: gunicorn drf_course.wsgi")
