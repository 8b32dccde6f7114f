"""A `python` block: run in the lesson's one namespace, and its `>>>` examples compared."""

import doctest
import re
import traceback
from typing import Any

from .lesson_error import LessonError, diff
from .markdown import Block
from .placeholders import Dots, Placeholders, with_placeholders, without_numbers
from .session import Session

SERVER = re.compile(r"\bserver\.")
LESSONS_ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):8000\b")
LEARNERS_COPY = re.compile(r"(?<=[\"'])work/")


def check(session: Session, block: Block) -> None:
    """`LessonError` at the line that raised, or at the example that printed something else."""
    source = "\n".join(block.lines) + "\n"
    if LESSONS_ADDRESS.search(source):
        source = LESSONS_ADDRESS.sub(session.url, source)
    if LEARNERS_COPY.search(source):  # the tree that the lesson's server runs, with the files which that made
        source = LEARNERS_COPY.sub(f"{session.server.tree.as_posix()}/", source)
    if "BASE" in session.names:
        session.names["BASE"] = session.url  # a `server` directive may have moved it
    if SERVER.search(source):
        session.names["server"] = session.server  # as in the notebook
    if ">>> " in source:
        run_examples(session, source, block.line)
    else:
        run_code(session, source, block.line)


def run_code(session: Session, source: str, line: int) -> None:
    name = str(session.lesson)
    try:
        exec(compile("\n" * (line - 1) + source, name, "exec"), session.names)  # noqa: S102 - a lesson is our own code
    except Exception as error:
        inside = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name
        ]
        at = error.lineno if isinstance(error, SyntaxError) else (inside or [line])[-1]
        raise LessonError(raised(error), at) from error


def run_examples(session: Session, source: str, line: int) -> None:
    try:
        examples = doctest.DocTestParser().get_examples(source)
    except ValueError as error:
        raise LessonError(f"the block cannot be read as Python examples: {error}.", line) from error
    test = doctest.DocTest(examples, {}, "lesson", str(session.lesson), line, None)
    test.globs = session.names  # the lesson's own namespace, not the copy that doctest makes
    Runner(session.placeholders).run(test, clear_globs=False)


def raised(error: BaseException) -> str:
    return without_numbers(f"the code raised {type(error).__name__}: {error}")


class Checker(doctest.OutputChecker):
    """Doctest's own, and placeholders."""

    def __init__(self, known: Placeholders):
        self.known = known

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Whether what was printed is what the lesson shows."""
        wanted = with_placeholders(want.replace("<BLANKLINE>", ""))
        if self.known.compare(wanted, got, Dots.TEXT) is None:
            return True
        return wanted == want and super().check_output(want, got, optionflags)


class Runner(doctest.DocTestRunner):
    """Stops at the first example that is not so, and names its line."""

    def __init__(self, known: Placeholders):
        super().__init__(Checker(known), verbose=False, optionflags=doctest.ELLIPSIS)

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        shown, real = (without_numbers(text).splitlines() for text in (example.want, got))
        message = f"`{example.source.strip()}` printed something else.{diff(shown, real)}"
        raise LessonError(message, test.lineno + example.lineno)

    def report_unexpected_exception(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        raise LessonError(raised(exc_info[1]), test.lineno + example.lineno) from exc_info[1]
