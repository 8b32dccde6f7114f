"""Print what a newcomer waits for, and what a LiveServer's start costs. Nothing is asserted. RUNS=1 makes it short."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import requests
from rich.console import Console

from bench import verifiers
from testkit import databases, servers
from testkit.measure import compared
from workshop import paths
from workshop.servers.live_server import LiveServer

RUNS = 5
SIGNS = {"first token, s": "200 OK", "first expiry, s": "Token is expired"}  # what the demo prints then


def main() -> None:
    console = Console()
    runs = int(os.environ.get("RUNS") or RUNS)
    with tempfile.TemporaryDirectory() as folder, console.status("measuring") as status:
        database = databases.seed(databases.sqlite(Path(folder) / "db.sqlite3"), servers.STOCK)
        with LiveServer(paths.SERVER):  # makes the template, once per clone
            pass
        kinds = {
            "stock runserver": partial(servers.runserver, servers.STOCK, database),
            "LiveServer": partial(LiveServer, paths.SERVER),
        }
        console.print(compared("start of a server", kinds, [first_response], runs, status.update))
        kinds = {name: name for name in verifiers.KINDS}
        title = "verifying in the warehouse"
        console.print(compared(title, kinds, [verifiers.verification], runs, status.update))
        newcomer = {"make demo, fresh clone, empty cache": demo_of_a_newcomer}
        console.print(compared("a newcomer", newcomer, [first_signs], 1, status.update))


def first_response(server: Callable[[], AbstractContextManager]) -> dict[str, float]:
    began = time.perf_counter()
    with server() as started:
        requests.get(f"{started.url}/products/", timeout=10).raise_for_status()
        return {"start to first response, s": time.perf_counter() - began}


def first_signs(demo: Callable[[], list[tuple[str, float]]]) -> dict[str, float]:
    """When each sign was first printed; never, if it was not."""
    seen = demo()
    return {
        label: next((moment for line, moment in seen if words in line), float("inf"))
        for label, words in SIGNS.items()
    }


def demo_of_a_newcomer() -> list[tuple[str, float]]:
    """What `make demo` prints in a fresh clone, each line with its seconds since the start.

    Nothing is prepared: no environment, an empty package cache, and no uv on the machine.
    """
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(paths.ROOT), str(clone)], check=True)  # noqa: S607
        environment = os.environ | {"PATH": bare_path(Path(folder) / "bin"), "HOME": folder}
        environment.pop("UV_CACHE_DIR", None)
        began = time.perf_counter()
        command = ["make", "demo"]
        with subprocess.Popen(
            command, cwd=clone, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            return [(line, time.perf_counter() - began) for line in process.stdout]


def bare_path(folder: Path) -> str:
    """A PATH with Python, make, git and the system's own programs, and without uv."""
    folder.mkdir()
    (folder / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    return f"{folder}:/usr/bin:/bin"


if __name__ == "__main__":
    main()
