"""A real server of a tree, with a database of its own, on a free port."""

import contextlib
import os
import re
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import paths
from ..errors import WorkshopError
from . import manage, template, transport
from .traceback_text import explain

FAILED = re.compile(r'" 5\d\d \d+$')  # the end of an access line, which follows the traceback
START_LIMIT = 30  # seconds: a server that says nothing for so long will not start
END_LIMIT = 5  # seconds: a server that does not end by itself is killed
A_DAY = 86_400  # seconds
PID = "pid"  # beside the database: the process id, for whoever must end the server from another process

# A settings module over the tree's own: the entries tried replace those of the tree, for one run.
TRIAL = """\
import datetime

from {settings} import *

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
        self._server: transport.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __repr__(self) -> str:
        """The address, and which settings were replaced; not their values: one may be a key."""
        tried = f", with {', '.join(self.tried)} replaced" if self.tried else ""
        return f"A server of {paths.shown(self.tree)}/ at {self.url}{tried}"

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.running

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
        """Begin and return at once; `wait` must follow before the first request."""
        manage.manage_py(self.tree)
        database = self._database()
        variables = manage.environment(self.tree, database, **(self.environment | self._trial()))
        self.log.clear()
        self._server = transport.Server(self.tree, self.port, variables, self.log)
        if self._server.pid:
            (self.folder / PID).write_text(str(self._server.pid), encoding="utf-8")

    def wait(self, limit: float = START_LIMIT) -> "LiveServer":
        """Return when the server listens; raise when it ended instead, or did neither for that many seconds."""
        if not self._server.ready(limit):
            self._end()
            raise WorkshopError(
                f"The server did not start within {limit:g} s and was stopped. Does a file of {paths.shown(self.tree)}/ "
                "loop, or wait for something, when it is read? If not, run this again."
            )
        self.port = self._server.port
        if not self.running or not self.port:
            self._server.finish_log(START_LIMIT)
            said = "\n".join(self.log)
            self._end()
            raise WorkshopError(explain(said, self.tree, "The server did not start"))
        return self

    def restart(self, **simple_jwt: object) -> "LiveServer":
        """Stop and start on the same port with the same database: tokens live on, code is read anew.

        The entries given replace those of the tree's SIMPLE_JWT until the next restart; no file of the tree changes.
        A tree that cannot start raises `WorkshopError`; the database is kept for the next restart.
        """
        self._end()
        self.tried = simple_jwt
        with reserved(self.port):
            self.launch()
            return self.wait()

    def stop(self) -> None:
        """End the server and remove its database. Stopping twice is no error."""
        self._end()
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

    def sql(self, statement: str, *values: object) -> list[tuple]:
        """The rows that one SQL statement gives on this server's database, with `?` for each value: quicker than `shell`.

        `moment(minutes)` in it is the time so many minutes from now, by this process's clock: SQLite's own is not moved
        along with it.
        """
        with contextlib.closing(sqlite3.connect(self.folder / "db.sqlite3")) as database, database:
            database.create_function("moment", 1, moment)
            return database.execute(statement, values).fetchall()

    def manage(self, *arguments: str) -> str:
        """What `manage.py` prints as in a terminal: on this server's database, without what this run of it was given."""
        return manage.manage(self.tree, list(arguments), self.folder / "db.sqlite3")

    def _end(self) -> None:
        if self._server is not None:
            self._server.end(END_LIMIT)

    def _trial(self) -> dict[str, str]:
        """What makes Django read the settings tried; nothing when none are."""
        if not self.tried:
            return {}
        (self.folder / "trial.py").write_text(
            TRIAL.format(settings=manage.SETTINGS_MODULE, tried=self.tried), encoding="utf-8"
        )
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
            self._template(self.folder / "db.sqlite3")
        return self.folder / "db.sqlite3"

    def _template(self, destination: Path) -> None:
        """Put a fresh database there."""
        template.copy_to(destination, self.tree)


def moment(minutes: float) -> str:
    """The time so many minutes from now, as Django writes it into SQLite."""
    return f"{datetime.now(UTC) + timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S}"


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
