"""The pytest plugin that runs a step's checks.py against one tree, and reports each outcome as a line of JSON.

`checker` runs it in a process of its own, where there are processes: learner's code can crash or hang it, and nothing else.
"""

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .. import attacks as attack_list
from ..attacks import Attack
from ..errors import WorkshopError
from ..expect import redacted
from ..servers.live_server import LiveServer
from ..servers.transport import IN_PROCESS, meanwhile
from ..wire import UNRECORDED, Exchange, recorded
from .learner_module import load, refuse_questions
from .said import Said
from .verdict import Scene, timed_out, verdict

TREE = Path(os.environ["WORKSHOP_TREE"]).resolve()
REPORT = Path(os.environ["WORKSHOP_REPORT"])
START_LIMIT = (
    20  # seconds: less than a check may take, so that the sentence comes before the check is stopped
)
SERVER = LiveServer(TREE)
CALLS: list[tuple[str, Any]] = []
SERVERS = [SERVER]


def pytest_configure() -> None:
    """Let the learner's code ask nothing, and find what is beside it; a login need not cost 35 ms of hashing here."""
    os.environ["QUICK_HASHES"] = "1"  # for the servers of the checks
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(TREE))
    refuse_questions()


def launch() -> None:
    with contextlib.suppress(WorkshopError):  # said again, and reported, by `running`
        SERVER.launch()


def pytest_unconfigure() -> None:
    SERVER.stop()


@pytest.fixture(scope="session")
def running() -> LiveServer:
    """The tree's server. When it cannot start, every check says why."""
    try:
        LAUNCHED[0].result(START_LIMIT)
    except TimeoutError:
        raise WorkshopError(SLOW) from None
    return SERVER.wait(START_LIMIT) if SERVER.running or SERVER.log else SERVER.start()


LAUNCHED: list[Future] = []
SLOW = (
    f"The server did not start within {START_LIMIT} s. Does a file of work/drf_course/ or work/api/ loop, or wait for "
    "something, when it is read?"
)


@pytest.fixture(scope="session")
def lasting() -> Iterator[LiveServer]:
    """One more server of the tree, whose tokens outlive every check, whatever lifetimes the tree sets."""
    with LiveServer(TREE, access=300, refresh=3600) as server:
        SERVERS.append(server)
        yield server


@pytest.fixture
def url(running: LiveServer) -> str:
    """The server's address, without a slash at the end."""
    return running.url


def starting() -> Iterator[Callable[..., LiveServer]]:
    """Start one more server of the same tree: `serve(access=1, refresh=3)`, lifetimes in seconds.

    `simple_jwt` replaces entries of the tree's SIMPLE_JWT in that server: `serve(simple_jwt={"LEEWAY": 5})`.
    """
    with contextlib.ExitStack() as stack:

        def start(*, simple_jwt: dict[str, object] | None = None, **options: Any) -> LiveServer:
            server = LiveServer(TREE, **options)
            server.tried = simple_jwt or {}
            SERVERS.append(stack.enter_context(server))
            return server

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
def wire() -> Iterator[list[Exchange]]:
    """Every exchange of this check so far, by whatever code: `.request` is what was really sent."""
    with recorded() as exchanges:
        yield exchanges


@pytest.fixture
def said(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> Said:
    """What the learner's code printed, logged and warned of in this check, and what the servers of the tree did."""
    caplog.set_level(logging.DEBUG)
    return Said(TREE, request.getfixturevalue("capsys" if IN_PROCESS else "capfd"), caplog, recwarn)


@pytest.fixture(scope="session")
def attacks() -> list[Attack]:
    """What the tree's server answered to each attack of the list, and to an honest client."""
    return ATTACKED[0].result()


# The attacks are made on a server of their own while other checks run and wait. One file of checks asks for them: one result.
ATTACKED: list[Future] = []


def attack() -> list[Attack]:
    with LiveServer(TREE, access=300, refresh=3600) as server:
        return attack_list.launched(server)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """After a time-out, the rest of its file is left out: each of its checks would wait as long again."""
    if item.path in STOPPED:
        pytest.fail(UNTRIED, pytrace=False)


STOPPED: set[Path] = set()
UNTRIED = "It was not run, because an earlier check had to be stopped. Begin with that one."


def pytest_collection_finish(session: pytest.Session) -> None:
    if any("attacks" in item.fixturenames for item in session.items):
        ATTACKED.append(meanwhile(attack, name=UNRECORDED))
    if any(asks_for_running(item) for item in session.items):
        LAUNCHED.append(meanwhile(launch))  # now: it boots while other fixtures are made
    for item in session.items:
        write(item, "waiting", "")


def asks_for_running(item: pytest.Item) -> bool:
    """Whether a check uses `running` as it is here, and not one of the same name in its own checks.py."""
    definitions = item._fixtureinfo.name2fixturedefs.get("running", ())
    return bool(definitions) and not definitions[-1].baseid


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Write one line per check: passed, not yet, not started, or broken (an error in the check itself)."""
    yield
    if call.when == "setup":
        write(item, "begun", "")
        CALLS.clear()
    if call.excinfo is not None:
        if timed_out(call.excinfo.value):
            STOPPED.add(item.path)
        scene = Scene(TREE, item.funcargs.get("wire", []), CALLS, SERVERS)
        write(item, *verdict(call.excinfo, scene), getattr(call.excinfo.value, "brief", ""))
    elif call.when == "call":
        write(item, "passed", "")


def write(item: pytest.Item, state: str, message: str, brief: str = "") -> None:
    line = {
        "check": item.name,
        "step": item.path.parent.name,
        "state": state,
        "message": without_key(redacted(message)),
        "brief": without_key(redacted(brief)),
    }
    with REPORT.open("a", encoding="utf-8") as report:
        report.write(json.dumps(line) + "\n")


def without_key(text: str) -> str:
    """The text without the key that the tree's server signs with."""
    file = TREE / ".development_key"
    key = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    return text.replace(key, "<the signing key>") if key else text
