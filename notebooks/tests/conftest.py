"""What the helper package's tests share: folders of their own, commands, toy steps and kernels."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from testkit import machine
from testkit.machine import pytest_collection_modifyitems  # noqa: F401
from tests.kernel import Kernel
from tests.toy_step import TOY, TWO_CHECKS, written
from workshop import paths
from workshop.learner import checker, manifest, tree
from workshop.setup import jupyter

# nbformat's validator would spend two seconds on a grammar for addresses in all alphabets, of which no notebook has a field.
sys.modules.setdefault("rfc3987_syntax", None)

# For the servers of lessons and notebooks, as the checks of a step have it for theirs.
os.environ["QUICK_HASHES"] = "1"
OURS = (
    "STEP",
    "PAUSE",
    "ACCESS",
    "REFRESH",
    "PORT",
    "ARGS",
    "WORKSHOP_",
    "JWT_",
    "DJANGO_",
    "DATABASE_URL",
    "MAKE",
    "MFLAGS",
    "PYTEST",
)
pytest_plugins = ["tests.unwritten"]
EVENT = 5  # seconds within which what must happen has happened

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would every process they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With several processes: the examples of one text stay together in one, for they share a server."""
    from tests.by_text import ByText

    return ByText(config, log) if config.getvalue("dist") == "load" else None


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """A `work/` of the test's own, in this process and in every process it starts."""
    place = tmp_path / "work"
    monkeypatch.setattr(paths, "WORK", place)
    monkeypatch.setenv("WORKSHOP_WORK", str(place))
    return place


@pytest.fixture
def environment(tmp_path) -> Callable[..., dict[str, str]]:
    """This process's environment without what configures the workshop, at 80 columns, and then the variables."""

    def build(**variables: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return kept | {"WORKSHOP_WORK": str(tmp_path / "work"), "COLUMNS": "80"} | variables

    return build


@pytest.fixture
def workshop(environment) -> Callable[..., subprocess.CompletedProcess]:
    """Run `python -m workshop ...` to its end, as a person does."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "workshop", *arguments]
        return subprocess.run(
            command,
            cwd=paths.NOTEBOOKS,
            env=environment(**variables),
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture
def toy(tmp_path, monkeypatch) -> Callable[..., manifest.Step]:
    """A small step, 00_toy, in a solutions folder of its own; `changes` replace parts of TOY."""
    solutions = tmp_path / "solutions"
    monkeypatch.setattr(paths, "SOLUTIONS", solutions)

    def make(**changes: object) -> manifest.Step:
        return written(solutions / "00_toy", TOY | changes)

    make.parts, make.two_checks = TOY, TWO_CHECKS
    return make


@pytest.fixture
def checked(toy, work):
    """The outcomes, by check, of a `work/` whose files are replaced by these texts; None deletes one."""

    def run(files, limit=checker.CHECK_LIMIT):
        step = toy(checks=TWO_CHECKS)
        tree.starter(work, step)
        for name, text in ({"client/toy.py": TOY["answer"]} | files).items():
            (work / name).unlink() if text is None else (work / name).write_bytes(text.encode("latin-1"))
        outcomes = checker.run(work, [step], limit=limit)
        assert [outcome.check for outcome in outcomes] == ["test_double", "test_login"]
        return {outcome.check: (outcome.state, outcome.message) for outcome in outcomes}

    return run


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait until something is so; fail when it is not after `within` seconds, five if nothing is said."""

    def wait(happened: Callable[[], bool], *, within: float = EVENT) -> None:
        until = time.monotonic() + within
        while not happened():
            assert time.monotonic() < until, f"not so after {within} s"
            time.sleep(0.02)

    return wait


@pytest.fixture
def listens() -> Callable[[int], bool]:
    return machine.listens


@pytest.fixture
def taken_port():
    """A port that another program has."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    return machine.free_port()


@pytest.fixture
def kernel(environment):
    """Start a kernel as `make lab` does; every one is ended with the test."""
    started: list[Kernel] = []

    def start(**variables: str) -> Kernel:
        started.append(Kernel(environment(PYTHONSTARTUP=str(jupyter.STARTUP), **variables)))
        return started[-1]

    yield start
    for each in started:
        each.close()
