"""A real server of a tree, in a process of its own, with a database of its own, on a free port."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from .. import paths
from ..errors import WorkshopError
from . import manage, processes, template
from .traceback_text import explain

FAILED = re.compile(r'" 5\d\d \d+$')  # the end of an access line, which follows the traceback
LISTENING = re.compile(r"http://127\.0\.0\.1:(\d+)/")
START_LIMIT = 30  # seconds: a server that says nothing for so long will not start
END_LIMIT = 5  # seconds: a server that does not end by itself is killed
A_DAY = 86_400  # seconds
PID = "pid"  # beside the database: the process id, for whoever must end the server from another process

# A settings module over the tree's own: the entries tried replace those of the tree, for one run.
TRIAL = """\
import datetime

from hardening.settings import *

SIMPLE_JWT = SIMPLE_JWT | {tried!r}
"""


class LiveServer:
    """Runs while the `with` block does, or from `start()` to `stop()`; it dies with this process in any case.

    `access` and `refresh` shorten the lifetimes of its tokens, in seconds; `environment` adds variables, such as
    `DJANGO_SECRET_KEY`; `simple_jwt` replaces entries of the tree's SIMPLE_JWT, as `restart` does. `url` has no
    slash at its end.
    """

    def __init__(
        self,
        tree: Path,
        *,
        access: float | None = None,
        refresh: float | None = None,
        port: int = 0,
        environment: dict[str, str] | None = None,
        simple_jwt: dict[str, object] | None = None,
    ):
        self.tree = Path(tree).resolve()
        self.port = port
        self.log: deque[str] = deque(maxlen=500)
        lifetimes = {"JWT_ACCESS_SECONDS": access, "JWT_REFRESH_SECONDS": refresh}
        given = {name: str(value) for name, value in lifetimes.items() if value is not None}
        self.environment = given | (environment or {})
        self.tried = simple_jwt or {}
        self.folder: Path | None = None
        self._process: processes.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __repr__(self) -> str:
        """The address, and which settings were replaced; not their values: one may be a key."""
        tried = f", with {', '.join(self.tried)} replaced" if self.tried else ""
        return f"A server of {paths.shown(self.tree)}/ at {self.url}{tried}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> "LiveServer":
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> "LiveServer":
        """Start and wait until it listens. A `WorkshopError` says why it cannot, with the learner's line."""
        if self.running:
            return self
        try:
            self.launch()
            return self.wait()
        except BaseException:
            self.stop()
            raise

    def launch(self) -> None:
        """Start the process and return at once; `wait` must follow before the first request."""
        command = [str(manage.manage_py(self.tree)), "runserver", "--noreload", "--stop-with-parent"]
        database = self._database()
        self.log.clear()
        self._ready = threading.Event()
        # Its input is held open for as long as this process lives: its end is the server's end.
        self._process = processes.start(
            [*command, f"127.0.0.1:{self.port}"],
            cwd=self.tree,
            env=manage.environment(self.tree, database, **(self.environment | self._trial())),
        )
        (self.folder / PID).write_text(str(self._process.pid), encoding="utf-8")
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def wait(self, limit: float = START_LIMIT) -> "LiveServer":
        """Return when the server listens; raise when it ended instead, or did neither for that many seconds."""
        if not self._ready.wait(limit):
            self._end_process()
            raise WorkshopError(
                f"The server did not start within {limit:g} s and was stopped. Does a file of {paths.shown(self.tree)}/ "
                "loop, or wait for something, when it is read? If not, run this again."
            )
        if not self.running or not self.port:
            self._reader.join(START_LIMIT)
            said = "\n".join(self.log)
            self._end_process()
            raise WorkshopError(explain(said, self.tree, "The server did not start"))
        return self

    def restart(self, **simple_jwt: object) -> "LiveServer":
        """Stop and start on the same port with the same database: tokens live on, code is read anew.

        The entries given replace those of the tree's SIMPLE_JWT until the next restart; no file of the tree changes.
        A tree that cannot start raises `WorkshopError`; the database is kept for the next restart.
        """
        self._end_process()
        self.tried = simple_jwt
        with reserved(self.port):
            self.launch()
            return self.wait()

    def stop(self) -> None:
        """End the process and remove its database. Stopping twice is no error."""
        self._end_process()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def log_with(self, text: str) -> str:
        """The log, once it holds the text: a line may arrive a moment after the answer it belongs to."""
        until = time.monotonic() + END_LIMIT
        while text not in (log := "\n".join(list(self.log))) and time.monotonic() < until:
            time.sleep(0.01)
        return log

    def shell(self, code: str) -> str:
        """What the code prints in `manage.py shell`, on this server's database. The models are imported already."""
        command = ["shell", "--verbosity", "0", "--command", code]
        return manage.manage(self.tree, command, self.folder / "db.sqlite3", **self.environment)

    def _end_process(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._reader.join(END_LIMIT)
        if not self._reader.is_alive():  # a program that the tree's code started may still hold the output
            self._process.stdout.close()
        self._process = None

    def _read(self, process: processes.Process) -> None:
        """Keep the server's last lines, and notice the one that names its port."""
        for line in process.stdout:
            self.log.append(line.rstrip("\n"))
            if found := LISTENING.search(line):
                self.port = int(found[1])
                self._ready.set()
        process.wait()
        self._ready.set()

    def _trial(self) -> dict[str, str]:
        """What makes Django read the settings tried; nothing when none are."""
        if not self.tried:
            return {}
        (self.folder / "trial.py").write_text(TRIAL.format(tried=self.tried), encoding="utf-8")
        places = filter(None, [str(self.folder), os.environ.get("PYTHONPATH")])
        path = {"PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1"}
        return {"DJANGO_SETTINGS_MODULE": "trial"} | path

    def has(self, url: str) -> bool:
        """Whether this server was asked at that address."""
        return url.startswith(f"{self.url}/")

    def said_of_failure(self) -> str:
        """The log, once it has the traceback of an answer 500 that came just now."""
        until = time.monotonic() + END_LIMIT
        while not any(FAILED.search(line) for line in list(self.log)) and time.monotonic() < until:
            time.sleep(0.01)
        return "\n".join(list(self.log)).rpartition("Internal Server Error: ")[2]

    def _database(self) -> Path:
        if self.folder is None:
            runs = paths.SCRATCH / "run"
            runs.mkdir(parents=True, exist_ok=True)
            forget_old(runs)
            self.folder = Path(tempfile.mkdtemp(dir=runs))
            template.copy_to(self.folder / "db.sqlite3", self.tree)
        return self.folder / "db.sqlite3"


@contextlib.contextmanager
def reserved(port: int) -> Iterator[None]:
    """While no server listens there, Linux might give the port to somebody's outgoing connection. A bound socket prevents it."""
    with socket.socket() as holder:
        if port and sys.platform == "linux":
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):  # taken already: the server itself says so
                holder.bind(("127.0.0.1", port))
        yield


def forget_old(runs: Path) -> None:
    """Remove what servers left behind whose parent was killed a day ago or more."""
    for folder in runs.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > A_DAY:
                shutil.rmtree(folder, ignore_errors=True)
