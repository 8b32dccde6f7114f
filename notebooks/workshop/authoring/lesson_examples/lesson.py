"""One lesson from top to bottom: every example in order, each tried in the way of its kind."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ... import paths
from ...errors import WorkshopError
from ...servers.live_server import LiveServer
from . import console, directives, file_excerpt, http_exchange, python_code
from .http_exchange import ANSWER, REQUEST
from .lesson_error import LessonError
from .markdown import Block, Directive, parts
from .session import Session

# Languages of which every block must be tested, lest a mistake in a lesson's syntax hide one.
TESTED = ("", "http", "console", "python", "pycon", "json", "toml", "bash", "sh", "shell")


class Example(NamedTuple):
    """One thing that a lesson shows, or a directive: its line, and what tries it."""

    line: int
    test: Callable[[Session], None]


class Lesson:
    """A text and its examples, which share one session and are tried in order."""

    def __init__(
        self,
        path: Path,
        *,
        clone: Path = paths.ROOT,
        server: LiveServer | None = None,
        files_only: bool = False,
    ):
        self.name = path.relative_to(clone).as_posix() if path.is_relative_to(clone) else path.name
        self.session = Session(path, clone, server)
        self.examples = read(path, files_only=files_only)
        self.done = 0
        self.failed = 0  # the line of the example that ended the lesson

    def close(self) -> None:
        """End what the examples started."""
        self.session.close()

    def try_up_to(self, number: int) -> None:
        """Try every example up to that one which was not tried yet; `LessonError` with file and line for the first that is not so."""
        while self.done <= number and not self.failed:
            example = self.examples[self.done]
            self.done += 1
            try:
                example.test(self.session)
            except (LessonError, WorkshopError) as error:
                self.failed = getattr(error, "line", None) or example.line
                raise LessonError(f"{self.name}:{self.failed}: {error}") from error


def read(path: Path, *, files_only: bool) -> list[Example]:
    """The examples of a text; a text that cannot be read is one example, which says why."""
    try:
        found = list(parts(path.read_text(encoding="utf-8")))
        return list(examples([part for part in found if not files_only or getattr(part, "path", None)]))
    except LessonError as error:
        return [Example(error.line or 1, partial(fail, error))]


def fail(error: LessonError, _session: Session) -> None:
    raise error


def examples(found: list[Block | Directive]) -> Iterator[Example]:
    """A directive and most blocks are an example each; a request and the response below it are one together."""
    previous = None
    for part, following in pairwise([*found, None]):
        left_out = isinstance(previous, Directive) and previous.name == "not tested"
        if isinstance(part, Directive) and part.name == "not tested":
            refuse_without_reason(part, following)
        elif isinstance(part, Directive):
            yield Example(part.line, partial(directives.obey, name=part.name, argument=part.argument))
        elif is_response(part) and is_request(previous):
            yield Example(part.line, partial(http_exchange.check, asked=previous, answered=part))
        elif is_request(part) and not left_out:
            refuse_without_response(part, following)
        elif not left_out and (test := tester(part)):
            yield Example(part.line, partial(test, block=part))
        previous = None if left_out else part


def is_request(part: Block | Directive | None) -> bool:
    return of_http(part) and bool(REQUEST.fullmatch(part.first))


def is_response(part: Block | Directive | None) -> bool:
    return of_http(part) and bool(ANSWER.fullmatch(part.first))


def of_http(part: Block | Directive | None) -> bool:
    return isinstance(part, Block) and part.language == "http" and not part.path


def refuse_without_reason(directive: Directive, following: Block | Directive | None) -> None:
    if not directive.argument:
        raise LessonError(
            "a block is left out only for a reason: <!-- not tested: the reason -->.", directive.line
        )
    if not isinstance(following, Block):
        raise LessonError(
            "put <!-- not tested: ... --> directly before the block it leaves out.", directive.line
        )


def refuse_without_response(request: Block, following: Block | Directive | None) -> None:
    if not is_response(following):
        raise LessonError(
            "this request has no response: an http block with it must be the next block.", request.line
        )


def tester(block: Block) -> Callable[..., None] | None:
    """What tries a block of that kind; `LessonError` for one that must be tested and cannot be."""
    if block.path:
        return file_excerpt.check
    if block.language in ("console", "python"):
        return {"console": console.check, "python": python_code.check}[block.language]
    if block.language not in TESTED:
        return None
    kind = f"a {block.language} block" if block.language else "a block that names no language"
    raise LessonError(
        f"this block is not tested: {kind} that begins with {block.first!r}. Name its file in bold "
        "above it, show a request before a response, or say why not with <!-- not tested: the reason -->.",
        block.line,
    )
