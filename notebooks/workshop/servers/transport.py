"""Where a tree's servers and commands run: each in a process of its own, or in this one where there are no processes.

Both give `Server`, `Door` and `command`. Nothing else needs to know which of the two it has.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

IN_TAB = sys.platform == "emscripten"
IN_PROCESS = IN_TAB or os.environ.get("WORKSHOP_TRANSPORT") == "in-process"

if IN_PROCESS:
    from .in_process import Door, Server, command
else:
    from .own_process import Door, Server, command

__all__ = ["IN_PROCESS", "IN_TAB", "Door", "Server", "command", "lacking", "meanwhile"]

ELSEWHERE = "Run this check on a machine of your own."
LACKS = {  # in one process, and so in a browser's tab
    "threads": f"A browser's tab has no threads. {ELSEWHERE}",
    "requests at once": f"A browser's tab has no two requests at once. {ELSEWHERE}",
    "TLS": (
        "A browser's tab has no TLS. What this check sees there was right; whether your client also turns away "
        "a false certificate shows only on a machine of your own."
    ),
}


def lacking(what: str) -> str:
    """Why this cannot be had where servers run here; nothing when it can."""
    sentence = LACKS[what]
    return sentence if IN_PROCESS else ""


def meanwhile(work: Callable[[], Any], *, name: str | None = None) -> Future:
    """The result to come of some work: a thread of that name does it, or in one process, the caller does it now."""
    result: Future = Future()

    def do() -> None:
        try:
            result.set_result(work())
        except BaseException as error:
            result.set_exception(error)

    do() if IN_PROCESS else threading.Thread(target=do, name=name, daemon=True).start()
    return result
