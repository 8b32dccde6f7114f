"""What the examples of one lesson share: a server, tokens, a folder to work in, Python names."""

import tempfile
import time
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from ... import claims, paths
from ...learner import manifest, tree
from ...servers.live_server import LiveServer
from .lesson_error import LessonError
from .placeholders import Placeholders

PASSWORD = "test"  # noqa: S105 - the demo accounts of the course
LONGEST_WAIT = 60  # seconds
# The library's own, so that a lesson does not depend on the lifetimes that an earlier step left in the tree.
LIFETIMES = {"access": 300.0, "refresh": 86_400.0}  # seconds


class Session:
    """Lives until `close()`. The server starts when an example first needs it.

    That server is of the answer of the lesson's step (or of one of its wrong answers, on demand), or of
    `server/` for a text that belongs to no step.
    """

    def __init__(self, lesson: Path, clone: Path, server: LiveServer | None = None):
        self.lesson = lesson
        self.clone = clone
        self.placeholders = Placeholders()
        self.names: dict[str, Any] = {"__name__": "lesson"}
        self._server = server
        self._lifetimes = LIFETIMES
        self._wrong: Path | None = None
        self._until_the_end = ExitStack()

    def close(self) -> None:
        self._until_the_end.close()

    @cached_property
    def folder(self) -> Path:
        """A place for what the examples make."""
        return Path(self._until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="lesson-")))

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def server(self) -> LiveServer:
        if self._server is None:
            server = LiveServer(self._wrong or self.tree or paths.SERVER, **self._lifetimes)
            self._server = self._until_the_end.enter_context(server)
        return self._server

    @cached_property
    def tree(self) -> Path | None:
        """The tree of the answer of the lesson's step; None for a text that belongs to no step."""
        return tree.answer(self.folder / "answer", self.step) if self.step else None

    @cached_property
    def step(self) -> manifest.Step | None:
        of_solution = self.lesson.name == "README.md"
        folder = paths.SOLUTIONS / (self.lesson.parent.name if of_solution else self.lesson.stem)
        return manifest.read(folder) if (folder / "step.toml").exists() else None

    def new_server(self, wrong: str | None = None, **lifetimes: float) -> None:
        """From now on the examples meet another server, which knows none of the tokens seen so far.

        `wrong` names the wrong answer of the step that it runs.
        """
        self._server = None
        self._wrong = self.wrong_tree(wrong) if wrong else None
        self._lifetimes = LIFETIMES | lifetimes
        self.placeholders.latest.clear()

    def wrong_tree(self, name: str) -> Path:
        """The tree of that wrong answer; `LessonError` where the lesson's step has none of that name."""
        if not self.step or name not in [wrong.name for wrong in self.step.wrong]:
            raise LessonError(f"the step of this lesson has no wrong answer named {name!r}.")
        return tree.wrong(self.folder / name, self.step, name)

    def restart(self, **simple_jwt: object) -> None:
        """The same server with these settings replaced until the next restart: tokens seen so far may live on."""
        self.server.restart(**simple_jwt)

    def log_in(self, username: str) -> None:
        """Obtain a pair that the lesson does not show."""
        account = {"username": username, "password": PASSWORD}
        response = requests.post(f"{self.url}/api/token/", json=account, timeout=30)
        if response.status_code != 200:
            raise LessonError(f"the login of {username!r} got {response.status_code} {response.reason}.")
        self.placeholders.latest |= response.json()

    def wait_for_expiry(self, kind: str) -> None:
        """Return when the newest token of that kind has expired, and not later."""
        expiry = claims.expiry(self.placeholders.fill(f"<{kind}>"))
        if (left := expiry - time.time()) > LONGEST_WAIT:
            raise LessonError(
                f"the {kind} token lives {left:.0f} s longer, and a lesson waits {LONGEST_WAIT} s at most: "
                f"ask for shorter lifetimes before it, with <!-- server: {kind}=2 -->."
            )
        while (left := expiry - time.time()) > 0:
            time.sleep(left)
