"""One lesson from top to bottom: every example in order, each told by its own kind."""

from collections.abc import Iterator
from functools import partial
from itertools import zip_longest
from pathlib import Path

from sybil import Document, Region

from workshop import paths
from workshop.errors import WorkshopError
from workshop.servers.live_server import LiveServer

from . import console, directives, exchange, file_excerpt, python_code
from .blocks import Block, Directive, parts
from .lesson_error import LessonError
from .message import ANSWER, REQUEST
from .session import Session

# Languages of which every block must be tested, lest a mistake in a lesson's syntax hide one.
TESTED = ("", "http", "console", "python", "pycon", "json", "toml", "bash", "sh", "shell")


def run(
    lesson: Path, *, clone: Path = paths.ROOT, server: LiveServer | None = None, files_only: bool = False
) -> None:
    """Try everything the lesson shows; `LessonError` with file and line at the first thing that is not so.

    `server` is one that already runs, to be used instead of the lesson's own. With `files_only`, only the
    blocks under a path are tried.
    """
    shown = lesson.relative_to(clone).as_posix() if lesson.is_relative_to(clone) else lesson.name
    line = 1
    try:
        with Session(lesson, clone, server) as session:
            document = Document.parse(str(lesson), partial(regions, session, files_only))
            for example in document:
                line = example.line
                example.evaluate()
    except (LessonError, WorkshopError) as error:
        raise LessonError(f"{shown}:{getattr(error, 'line', None) or line}: {error}") from error


def regions(session: Session, files_only: bool, document: Document) -> Iterator[Region]:
    """What sybil is to evaluate: each directive, each block, and for an exchange its answer."""
    request: Block | None = None
    left_out = False
    all_parts = parts(document.text)
    for part, following in zip_longest(all_parts, all_parts[1:]):
        if isinstance(part, Directive) and part.name == "not tested":
            left_out = reason_given(part, following)
        elif isinstance(part, Directive):
            yield region(part, partial(directives.obey, session, part.name, part.argument))
        elif left_out or (files_only and not part.path):
            left_out = False
        else:
            found, request = evaluator(session, part, request)
            yield from [region(part, found)] if found else []
    if request:
        raise unanswered(request)


def region(part: Block | Directive, test: partial[None]) -> Region:
    def evaluate(_example: object) -> None:
        test()

    return Region(part.start, part.end, part, evaluate)


def reason_given(directive: Directive, following: Block | Directive | None) -> bool:
    """True, or `LessonError` for a block left out without a reason, or a reason without a block."""
    if not directive.argument:
        raise LessonError(
            "a block is left out only for a reason: <!-- not tested: the reason -->.", directive.line
        )
    if not isinstance(following, Block):
        raise LessonError(
            "<!-- not tested: ... --> stands directly before the block it leaves out.", directive.line
        )
    return True


def evaluator(
    session: Session, block: Block, request: Block | None
) -> tuple[partial[None] | None, Block | None]:
    """How to test the block, and the request that now waits for its answer."""
    is_answer = block.language == "http" and not block.path and bool(ANSWER.fullmatch(block.first))
    if request and not is_answer:
        raise unanswered(request)
    if block.path:
        return partial(file_excerpt.check, session, block), None
    if is_answer and request:
        return partial(exchange.check, session, request, block), None
    if block.language == "http" and REQUEST.fullmatch(block.first):
        return None, block
    if block.language == "console":
        return partial(console.check, session, block), None
    if block.language == "python":
        return partial(python_code.check, session, block), None
    if block.language in TESTED:
        raise untested(block)
    return None, None


def unanswered(request: Block) -> LessonError:
    return LessonError(
        "this request has no answer: an http block with the answer must be the next block.", request.line
    )


def untested(block: Block) -> LessonError:
    kind = f"a {block.language} block" if block.language else "a block that names no language"
    return LessonError(
        f"this block is not tested: {kind} that begins with {block.first!r}. Name its file in bold "
        "above it, show a request before an answer, or say why not with <!-- not tested: the reason -->.",
        block.line,
    )
