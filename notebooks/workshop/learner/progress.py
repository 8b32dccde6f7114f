"""How far the learner is: outcomes, hints taken and guesses, in `work/.progress.json`."""

import contextlib
import json
import os
from typing import Any

from .. import paths
from ..errors import WorkshopError
from . import work
from .manifest import Step

FILE = ".progress.json"


def read() -> dict[str, dict[str, Any]]:
    """Per step stem: `outcome`, `passed` (the copy that did), `solved` (by `make solve`), `hints` (taken), `guesses`.

    A damaged file counts as empty.
    """
    try:
        data = json.loads((paths.WORK / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return (
        {stem: facts for stem, facts in data.items() if isinstance(facts, dict)}
        if isinstance(data, dict)
        else {}
    )


def of(step: Step) -> dict[str, Any]:
    return read().get(step.stem, {})


def note(step: Step, **facts: Any) -> None:
    """Remember facts about a step. Where `work/` cannot be written they are not kept, and nothing else suffers."""
    data = read()
    data.setdefault(step.stem, {}).update(facts)
    beside = paths.WORK / f"{FILE}.{os.getpid()}.new"
    try:
        paths.WORK.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
        beside.replace(paths.WORK / FILE)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()


def checked(step: Step, result: str) -> None:
    """Remember how a check came out. A pass of the learner's own stays, with the copy that passed, whatever comes later."""
    note(step, outcome=result)
    if result == "passed" and not of(step).get("solved"):
        with contextlib.suppress(OSError, WorkshopError):  # a disk that is full: the outcome at least is kept
            note(step, passed=paths.shown(work.keep_passed(step, of(step).get("passed"))))


def next_hint(step: Step) -> tuple[int, str]:
    """The number and text of the next hint; the last one again when all were taken."""
    taken = min(of(step).get("hints", 0) + 1, len(step.hints))
    note(step, hints=taken)
    return taken, step.hints[taken - 1]
