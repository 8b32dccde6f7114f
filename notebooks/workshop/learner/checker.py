"""Run the checks of steps against a tree, and say how each came out."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..errors import WorkshopError
from ..servers import processes
from ..servers.manage import manage_py
from ..servers.transport import IN_PROCESS, IN_TAB
from .manifest import Step

CHECK_LIMIT = 30  # seconds for one check
ALLOWANCE = 10  # seconds more, until a check that cannot be stopped from within is stopped from here
START_LIMIT = 60  # seconds for pytest and the server to start


@dataclass(frozen=True)
class Outcome:
    """How one check came out: `passed`, `not yet`, `not started`, `skipped`, or `broken` (the check's own fault)."""

    step: str
    check: str
    state: str
    message: str
    brief: str = ""  # of a message with four parts, the part that says what came back

    @property
    def function(self) -> str:
        """The check's function: one function may be several checks, each with its own value in brackets."""
        return self.check.partition("[")[0]

    @property
    def title(self) -> str:
        """The check's name as a sentence, with its value in parentheses."""
        value = self.check.partition("[")[2].removesuffix("]")
        return self.function.removeprefix("test_").replace("_", " ") + (f" ({value})" if value else "")


def run(tree: Path, steps: Iterable[Step], *, limit: float | None = None) -> list[Outcome]:
    """Run the checks of the steps against the tree, in order, each with its time limit in seconds: the steps' own, or this."""
    steps = list(steps)
    limit = limit or max(step.limit or CHECK_LIMIT for step in steps)
    manage_py(tree)
    files = [step.checks for step in steps]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        said = run_pytest(tree, files, report, limit)
        return read(report, said)


def run_pytest(tree: Path, files: list[Path], report: Path, limit: float) -> str:
    """Run pytest, in a process of its own where there are processes. Gives what it said, for when it could not report."""
    variables = {
        "WORKSHOP_TREE": str(tree),
        "WORKSHOP_REPORT": str(report),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONBREAKPOINT": "workshop.learner.learner_module.no_breakpoint",  # the servers inherit it
        "PYTHONPATH": os.pathsep.join(
            [str(processes.PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
    }
    if IN_PROCESS:
        from . import pytest_here

        return pytest_here.run(pytest_options(files, limit), tree, variables)
    options = ["-p", "workshop.learner.own_process", *pytest_options(files, limit)]
    # Its folders go with the report: pytest's own place keeps those of three runs, and each run removes the fourth.
    options += ["--basetemp", str(report.with_suffix(".folders"))]
    return run_in_process(["-m", "pytest", *options], variables, report, limit)


def run_in_process(command: list[str], variables: dict[str, str], report: Path, limit: float) -> str:
    """What the command says in a process of its own, which is ended when a check takes too long."""
    environment = os.environ | variables
    environment.pop("PYTEST_ADDOPTS", None)
    output = report.with_suffix(".txt")
    with output.open("wb") as sink:
        # The end of its input tells the process that this one is gone.
        process = processes.start(command, cwd=Path.cwd(), env=environment, alone=True, output=sink)
        try:
            wait(process, report, limit)
        finally:
            end(process)
    with output.open("rb") as source:
        return source.read(20_000).decode("utf-8", "replace")


def pytest_options(files: list[Path], limit: float) -> list[str]:
    plugins = ["-pworkshop.learner.check_plugin", "-pno:cacheprovider", "-pno:unraisableexception"]
    if not IN_TAB:  # a browser's tab has no clock that could interrupt a check
        plugins += ["-p", "pytest_timeout", f"--timeout={limit}"]
    options = ["-c", os.devnull, "--rootdir", str(paths.SOLUTIONS), "--import-mode=importlib", "-q"]
    options += ["--assert=plain"]  # no check asserts: there is nothing to rewrite
    return [*plugins, *options, "--tb=native", *map(str, files)]


def wait(process: processes.Process, report: Path, limit: float) -> None:
    """Return when the process ended, or when it reported nothing for longer than one check may take."""
    known, since = 0, time.monotonic()
    while process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
        size = report.stat().st_size if report.exists() else 0
        if size != known:
            known, since = size, time.monotonic()
        if time.monotonic() - since > (limit + ALLOWANCE if known else START_LIMIT):
            return


def end(process: processes.Process) -> None:
    """End the process, and with it whatever the learner's code started and left running."""
    process.stdin.close()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
    process.wait()


def read(report: Path, said: str) -> list[Outcome]:
    """The outcomes in a report. A check that began and never ended took the whole process with it."""
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    outcomes: dict[tuple[str, str], Outcome] = {}
    for line in map(json.loads, lines):
        outcome = Outcome(**line)
        known = outcomes.get((outcome.step, outcome.check))
        if known is None or known.state in ("waiting", "begun", "passed"):
            outcomes[outcome.step, outcome.check] = outcome
    if all(outcome.state == "waiting" for outcome in outcomes.values()):
        raise WorkshopError(f"The checks could not run at all. pytest said:\n{said.strip()[-2000:]}")
    return [ended(outcome) for outcome in outcomes.values()]


def ended(outcome: Outcome) -> Outcome:
    """The outcome, or what to say of a check that began and never ended, or never began."""
    said = {
        "begun": "It never came to an end. Does your code loop, wait for something, or end the process?",
        "waiting": "It could not run: an earlier check never came to an end.",
    }
    if outcome.state not in said:
        return outcome
    return Outcome(outcome.step, outcome.check, "not yet", said[outcome.state])


def told(outcomes: list[Outcome]) -> list[tuple[Outcome, str]]:
    """Each outcome with what to show of its message: the first failure whole, the others in one line.

    Later failures often have the cause of the first, and a learner reads one message at a time. What was said already
    is not said again.
    """
    shown: list[tuple[Outcome, str]] = []
    said: set[str] = set()
    for outcome in outcomes:
        short = outcome.brief or outcome.message.partition("\n")[0]
        text = short if said else outcome.message
        shown.append((outcome, "" if outcome.message in said or text in said else text))
        said |= {outcome.message, text} - {""}
    return shown


def summary(outcomes: Iterable[Outcome]) -> str:
    """`passed` when every check passed that this machine can run, else `not yet`."""
    states = [outcome.state for outcome in outcomes]
    return "passed" if "passed" in states and set(states) <= {"passed", "skipped"} else "not yet"
