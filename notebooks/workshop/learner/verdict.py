"""What an exception in a check means, and what to say to the learner about it."""

import linecache
import re
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
import requests

from ..errors import WorkshopError
from ..expect import told
from ..servers.live_server import LiveServer
from ..servers.traceback_text import explain, named
from ..wire import Exchange
from .simple_jwt_file import fault

STUB = "NotImplementedError: "  # in the server's log: the learner's server code is still a stub


class Scene(NamedTuple):
    """What happened in a check until the exception came."""

    tree: Path
    answers: list[Exchange]  # every request of the check, with its response
    calls: list[tuple[str, Any]]  # to functions of the learner's: name and what came back
    servers: list[LiveServer]


def verdict(raised: pytest.ExceptionInfo, scene: Scene) -> tuple[str, str]:
    """The outcome and its message: `not started`, `not yet`, `skipped` where this machine lacks something, or `broken`."""
    error = raised.value
    own = [entry for entry in raised.traceback if Path(entry.path).is_relative_to(scene.tree)]
    failure = server_failure(scene)
    if timed_out(error):
        return "not yet", stopped(error, own, scene)
    if isinstance(error, pytest.skip.Exception):
        return "skipped", str(error)
    if isinstance(error, pytest.fail.Exception):
        return "not yet", str(error)
    if isinstance(error, NotImplementedError) and own:
        return "not started", str(error)
    if STUB in failure:
        return "not started", failure.partition(STUB)[2]
    if isinstance(error, AssertionError | WorkshopError) and not own:
        return "not yet", f"{error} {failure}".strip()
    if failure:
        return "not yet", failure
    if isinstance(error, requests.RequestException) and not own and (silent := no_response(error, scene)):
        return "not yet", silent
    if sentence := of_the_learner(error, own, scene):
        return "not yet", sentence
    return "broken", f"{type(error).__name__}: {error}"


def timed_out(error: BaseException) -> bool:
    return isinstance(error, pytest.fail.Exception) and "Timeout" in str(error)


def stopped(error: BaseException, own: list, scene: Scene) -> str:
    """That the time was up, and where the learner's code was then, when it was there."""
    said = f"It was stopped after {limit(error)} s, the time a check may take."
    if own:
        return f"{said} Your code was still in {place(own[-1], scene.tree)}\nDoes it loop, or wait for something that never comes?"
    return f"{said} Does your code loop, or wait for something that never comes?"


def place(entry: Any, tree: Path) -> str:
    """File, line and source of one step of a traceback."""
    line = entry.lineno + 1
    source = linecache.getline(str(entry.path), line).strip()
    return f"{named(tree, entry.path)}, line {line}: {source}"


def no_response(error: requests.RequestException, scene: Scene) -> str:
    """What to say when a server of the tree took a request of the check and gave no response."""
    if error.request is None or not any(server.has(error.request.url) for server in scene.servers):
        return ""
    asked = f"{error.request.method} {error.request.path_url.partition('?')[0]}"
    if isinstance(error, requests.ReadTimeout):
        return (
            f"{asked} got no response in time. Does the server's code loop, sleep, or wait for something, such as "
            "input() or breakpoint()?"
        )
    return f"{asked} got no response: the server has ended. Does its code call exit()?"


def limit(stopped: BaseException) -> str:
    """The seconds that pytest-timeout names: `Timeout (>30.0s) from pytest-timeout`."""
    found = re.search(r">(\d+)", str(stopped))
    return found[1] if found else "too many"


def of_the_learner(error: BaseException, own: list, scene: Scene) -> str:
    """What in the learner's code led to the error; nothing when it is the check's own."""
    if isinstance(error, SyntaxError) and error.filename and lies_in(scene.tree, error.filename):
        return f"{named(scene.tree, error.filename)}, line {error.lineno}: {error.msg}."
    if own:
        return f"Your code raised {type(error).__name__}: {error}\n  in {place(own[-1], scene.tree)}"
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        file = getattr(error.obj, "__file__", "") or ""
        if lies_in(scene.tree, file):
            return f"{named(scene.tree, file)} has no `{error.name}`. The check calls it: keep the name the stub gave it."
    if scene.calls and isinstance(error, Exception):
        name, value = scene.calls[-1]
        return (
            f"{name}() gave {told(value)}, and the check could not go on with that "
            f"({type(error).__name__}: {error}). Compare it with what the stub says {name}() gives."
        )
    return ""


def server_failure(scene: Scene) -> str:
    """Why a server of the tree failed, when it answered 500 in this check: with the learner's line, where it has one."""
    ours = [
        answer for answer in scene.answers if any(server.has(answer.request.url) for server in scene.servers)
    ]
    failed = [answer for answer in ours if answer.status_code == 500]  # a 503 is meant
    if not failed:
        return ""
    request = failed[-1].request
    headline = f"{request.method} {request.path_url.partition('?')[0]} was answered 500: the server failed"
    mistake = fault(scene.tree)
    if mistake:
        return f"{headline}. {mistake}"
    said = next((server.said_of_failure() for server in scene.servers if server.has(request.url)), "")
    return explain(said, scene.tree, headline)


def lies_in(tree: Path, file: str) -> bool:
    return bool(file) and Path(file).resolve().is_relative_to(tree)
