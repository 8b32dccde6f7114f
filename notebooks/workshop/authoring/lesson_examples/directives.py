"""The comments that prepare the next examples: `server`, `restart`, `user`, `wait`."""

import ast
import re

from .lesson_error import LessonError
from .session import Session

OPTIONS = re.compile(r"(?:(?:(?:access|refresh)=\d+(?:\.\d+)?|wrong=\w+)\s*)*")


def obey(session: Session, name: str, argument: str) -> None:
    """Do what the directive says; `LessonError` when it says nothing that can be done."""
    {"server": start_server, "restart": restart, "user": log_in, "wait": wait}[name](session, argument)


def start_server(session: Session, argument: str) -> None:
    if not OPTIONS.fullmatch(argument):
        raise LessonError(f"write a server as <!-- server: access=2 refresh=6 -->, not with {argument!r}.")
    options = dict(pair.split("=") for pair in argument.split())
    wrong = options.pop("wrong", None)
    session.new_server(wrong, **{name: float(seconds) for name, seconds in options.items()})


def restart(session: Session, argument: str) -> None:
    """Restart the lesson's server with these entries of SIMPLE_JWT replaced; its tokens may live on."""
    try:
        call = ast.parse(f"dict({argument})", mode="eval").body
        if isinstance(call, ast.Call) and not call.args:
            replaced = {entry.arg: ast.literal_eval(entry.value) for entry in call.keywords}
            return session.restart(**replaced)
    except (SyntaxError, ValueError, TypeError):
        pass
    raise LessonError(
        f'replace settings as <!-- restart: ALGORITHM="HS512", LEEWAY=5 -->, not with {argument!r}.'
    )


def log_in(session: Session, argument: str) -> None:
    if not argument:
        raise LessonError("name an account as <!-- user: ada -->.")
    session.log_in(argument)


def wait(session: Session, argument: str) -> None:
    kind, _, event = argument.partition(" ")
    if kind not in ("access", "refresh") or event != "expired":
        raise LessonError(f"a lesson waits for `access expired` or `refresh expired`, not for {argument!r}.")
    session.wait_for_expiry(kind)
