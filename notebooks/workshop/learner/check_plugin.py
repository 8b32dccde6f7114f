"""The pytest plugin that runs a step's checks.py against one tree, and reports each outcome as a line of JSON.

It runs in a process of its own, started by `checker`: learner's code can crash or hang it, and nothing else.
"""

import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

from ..errors import WorkshopError
from ..expect import redacted
from ..servers.live_server import LiveServer
from .learner_module import load
from .verdict import Scene, verdict

TREE = Path(os.environ["WORKSHOP_TREE"]).resolve()
REPORT = Path(os.environ["WORKSHOP_REPORT"])
SERVER = LiveServer(TREE)
PARENT = os.dup(0)  # now, before pytest puts something else in the place of standard input
CALLS: list[tuple[str, Any]] = []
SERVERS = [SERVER]


def pytest_configure() -> None:
    """Begin to start the server at once: it boots while pytest collects."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(TREE))
    with contextlib.suppress(WorkshopError):  # said again, and reported, by `running`
        SERVER.launch()


def end_with_parent() -> None:
    """The other end of this pipe is closed when the process that asked for the checks ends, however it ends."""
    while os.read(PARENT, 1024):
        pass
    os._exit(1)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End at once: a thread that the learner's code left behind must not hold the process."""
    SERVER.stop()
    sys.stdout.flush()
    os._exit(0)


@pytest.fixture(scope="session")
def running() -> LiveServer:
    """The tree's server. When it cannot start, every check says why."""
    return SERVER.wait() if SERVER.running or SERVER.log else SERVER.start()


@pytest.fixture(scope="session")
def lasting() -> Iterator[LiveServer]:
    """One more server of the tree, whose tokens outlive every check, whatever lifetimes stand in the tree."""
    with LiveServer(TREE, access=300, refresh=3600) as server:
        SERVERS.append(server)
        yield server


@pytest.fixture
def url(running: LiveServer) -> str:
    """The server's address, without a slash at the end."""
    return running.url


def starting() -> Iterator[Callable[..., LiveServer]]:
    """Start one more server of the same tree: `serve(access=1, refresh=3)`, lifetimes in seconds."""
    with contextlib.ExitStack() as stack:

        def start(**options: Any) -> LiveServer:
            SERVERS.append(stack.enter_context(LiveServer(TREE, **options)))
            return SERVERS[-1]

        yield start


serve = pytest.fixture(starting)
serve_once = pytest.fixture(
    starting, scope="module"
)  # for a fixture of that scope: several checks, one server


@pytest.fixture
def learner(request: pytest.FixtureRequest) -> Callable[[str], ModuleType]:
    """Import a file the learner wrote, anew: `learner("client/token_pair.py")`."""
    return lambda relative: load(TREE, relative, calls=CALLS, step=request.path.parent.name)


@pytest.fixture(autouse=True)
def wire(monkeypatch: pytest.MonkeyPatch) -> list[requests.Response]:
    """Every answer that reached a `requests` call of this check so far; `.request` is what was really sent."""
    answers: list[requests.Response] = []
    send = requests.Session.send

    def recording(
        session: requests.Session, request: requests.PreparedRequest, **options
    ) -> requests.Response:
        response = send(session, request, **options)
        answers.append(response)
        return response

    monkeypatch.setattr(requests.Session, "send", recording)
    return answers


def pytest_collection_finish(session: pytest.Session) -> None:
    for item in session.items:
        write(item, "waiting", "")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Write one line per check: passed, not yet, not started, or broken (an error in the check itself)."""
    yield
    if call.when == "setup":
        write(item, "begun", "")
        CALLS.clear()
    if call.excinfo is not None:
        scene = Scene(TREE, item.funcargs.get("wire", []), CALLS, SERVERS)
        write(item, *verdict(call.excinfo, scene))
    elif call.when == "call":
        write(item, "passed", "")


def write(item: pytest.Item, state: str, message: str) -> None:
    line = {"check": item.name, "step": item.path.parent.name, "state": state, "message": redacted(message)}
    with REPORT.open("a", encoding="utf-8") as report:
        report.write(json.dumps(line) + "\n")
