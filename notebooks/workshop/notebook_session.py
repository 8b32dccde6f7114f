"""What one notebook has open: one process, one session."""

from collections.abc import Callable

from .errors import WorkshopError
from .learner import open_notebooks, work
from .learner.edits import file_in, led_back
from .learner.guesses import Guesses
from .learner.manifest import Step
from .servers.live_server import LiveServer


def at(step: Step) -> bool:
    try:
        return work.current().stem == step.stem
    except WorkshopError:
        return False


class Session:
    """What one notebook has open: its step, its server, its guesses."""

    step: Step | None = None
    server: LiveServer | None = None
    guesses: Guesses | None = None

    def __init__(self) -> None:
        self.wrong: dict[str, LiveServer] = {}
        self.shop = None  # what `ship` started last
        self.lifetimes: dict[str, float | None] = {}
        self.unreadable = ""  # the file whose mistake keeps the server from starting

    def opened(self) -> Step:
        """The step of this notebook; a sentence when none is open."""
        if self.step is None:
            raise WorkshopError(
                "No step is open in this notebook yet. Run the first code cell, then this one."
            )
        return self.step

    def require(self) -> Step:
        """The same, for what reads or writes `work/`; a sentence when that went on to another step."""
        if not at(self.opened()):
            raise WorkshopError(
                f"work/ is no longer at step {self.step.stem}: another notebook or a command in a terminal took it "
                "over. What you wrote is in work/.history/. Run the first code cell to begin this step again."
            )
        return self.step

    def start(self) -> None:
        """Start the server on what `work/` now holds; a mistake there leads back to the cell that wrote it."""
        self._run(self.server.start)

    def restart(self) -> None:
        """The same for a server that runs, or that could not start: it keeps its port and its database."""
        self._run(self.server.restart)

    def _run(self, begin: Callable[[], object]) -> None:
        try:
            begin()
        except WorkshopError as error:
            self.unreadable = file_in(error)
            raise led_back(error, self.step) from None
        self.unreadable = ""
        open_notebooks.announce(self.server, self.step)


SESSION = Session()
