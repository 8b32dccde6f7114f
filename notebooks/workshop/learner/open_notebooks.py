"""Which notebooks have a server on `work/` now: each leaves a file beside its server's database."""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .. import paths
from ..servers.live_server import PID, LiveServer
from .manifest import Step

FILE = "notebook.json"


class OpenNotebook(NamedTuple):
    """A notebook in another process."""

    step: str
    port: int
    work: str
    kernel: int  # process id
    file: Path

    def end_server(self) -> None:
        """Stop its server. Its kernel goes on, and its next cell says that another notebook took over."""
        self.file.unlink(missing_ok=True)
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((self.file.parent / PID).read_text()), signal.SIGTERM)


def announce(server: LiveServer, step: Step) -> None:
    """Let other notebooks and the commands see which step this notebook's server runs."""
    facts = {"step": step.stem, "port": server.port, "work": str(paths.WORK), "kernel": os.getpid()}
    (server.folder / FILE).write_text(json.dumps(facts), encoding="utf-8")


def others() -> Iterator[OpenNotebook]:
    """The notebooks of other processes whose server still listens."""
    for path in (paths.SCRATCH / "run").glob(f"*/{FILE}"):
        with contextlib.suppress(OSError, ValueError, TypeError):
            found = OpenNotebook(**json.loads(path.read_text(encoding="utf-8")), file=path)
            if found.work == str(paths.WORK) and found.kernel != os.getpid() and listens(found.port):
                yield found


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
