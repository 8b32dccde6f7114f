"""The pytest plugin for checks in a process of their own: it ends with the process that asked, and leaves nothing behind."""

import os
import sys
import threading

import pytest

PARENT = os.dup(0)  # now, before pytest puts something else in the place of standard input


def pytest_configure() -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """The other end of this pipe is closed when the process that asked for the checks ends, however it ends."""
    while os.read(PARENT, 1024):
        pass
    os._exit(1)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End at once: a thread that the learner's code left behind must not hold the process."""
    sys.stdout.flush()
    os._exit(0)
