"""The comments that prepare the next examples: `server`, `user`, `wait`."""

import re

from .lesson_error import LessonError
from .session import Session

LIFETIMES = re.compile(r"(?:(?:access|refresh)=\d+(?:\.\d+)?\s*)*")


def obey(session: Session, name: str, argument: str) -> None:
    """Do what the directive says; `LessonError` when it says nothing that can be done."""
    {"server": start_server, "user": log_in, "wait": wait}[name](session, argument)


def start_server(session: Session, argument: str) -> None:
    if not LIFETIMES.fullmatch(argument):
        raise LessonError(
            f"a server is asked for like <!-- server: access=2 refresh=6 -->, not with {argument!r}."
        )
    pairs = (pair.split("=") for pair in argument.split())
    session.new_server(**{name: float(seconds) for name, seconds in pairs})


def log_in(session: Session, argument: str) -> None:
    if not argument:
        raise LessonError("an account is named like <!-- user: ada -->.")
    session.log_in(argument)


def wait(session: Session, argument: str) -> None:
    kind, _, event = argument.partition(" ")
    if kind not in ("access", "refresh") or event != "expired":
        raise LessonError(f"one can wait for `access expired` or `refresh expired`, not for {argument!r}.")
    session.wait_for_expiry(kind)
