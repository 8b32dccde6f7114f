"""A `console` block: each command runs in bash, and its output is compared."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator

from .lesson_error import LessonError, diff
from .markdown import Block
from .placeholders import Dots, with_placeholders, without_numbers
from .session import Session

LIMIT = 300  # seconds
LESSONS_ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost):8000\b")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# What the caller's make, Django and pytest put there, and what a lesson's `make` must not inherit.
CALLERS = re.compile(
    r"(?:DJANGO_|JWT_|PYTEST|WORKSHOP_|MAKE|MFLAGS|(?:STEP|PAUSE|ACCESS|REFRESH|PORT|ARGS)$)"
)


def check(session: Session, block: Block) -> None:
    """Run every command in turn; `LessonError` at the first whose output is not as shown."""
    for command, shown, line in commands(block):
        try:
            real, code = run(session, command, line)
        except subprocess.TimeoutExpired:
            raise LessonError(f"`{command}` was still running after {LIMIT} s.", line) from None
        compare(session, command, shown, real, line)
        if code and all(text.strip() in ("", "...") for text in shown):
            raise LessonError(
                f"`{command}` ended with exit code {code}, and the lesson shows no error.", line
            )


def commands(block: Block) -> Iterator[tuple[str, list[str], int]]:
    """Each command, the output shown for it, and its line. A backslash at the end continues a command."""
    starts = [number for number, line in enumerate(block.lines) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        raise LessonError("a console block begins with a command: `$ ` and what is typed.", block.line)
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        first = start
        typed = [block.lines[first].removeprefix("$ ")]
        while typed[-1].endswith("\\") and first + 1 < end:
            first += 1
            typed.append(block.lines[first].removeprefix("> "))
        yield "\n".join(typed), block.lines[first + 1 : end], block.line + start


def run(session: Session, command: str, line: int) -> tuple[str, int]:
    """What a person would read in a terminal of 80 columns, and the exit code."""
    if LESSONS_ADDRESS.search(command):
        command = LESSONS_ADDRESS.sub(session.url.removeprefix("http://"), command)
    process = subprocess.Popen(
        [shutil.which("bash") or "bash", "-c", command],
        cwd=session.clone,
        env=environment(session, command, line),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=LIMIT)
    finally:
        end_group(process)
    return readable(output.decode(errors="replace")), process.returncode


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End also what the command left running."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
    process.stdout.close()
    process.wait()


def environment(session: Session, command: str, line: int) -> dict[str, str]:
    """A terminal's environment with a `work/` of the lesson's own.

    `$ACCESS` and `$REFRESH` are set only for a command that uses them: to `make` these names mean lifetimes.
    """
    kept = {name: value for name, value in os.environ.items() if not CALLERS.match(name)}
    terminal = {"COLUMNS": "80", "LINES": "24", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
    used = [kind for kind in ("access", "refresh") if re.search(rf"\${{?{kind.upper()}\b", command)]
    tokens = {kind.upper(): session.placeholders.fill(f"<{kind}>", line) for kind in used}
    return kept | terminal | tokens | {"WORKSHOP_WORK": str(session.folder / "work")}


def readable(output: str) -> str:
    """Without control sequences, overwritten text and trailing space."""
    lines = CONTROL.sub("", output).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rpartition("\r")[2].rstrip() for line in lines).strip("\n") + "\n"


def compare(session: Session, command: str, shown: list[str], real: str, line: int) -> None:
    wanted = with_placeholders("\n".join(shown).strip("\n") + "\n")
    if why := session.placeholders.compare(wanted, real, Dots.LINES):
        difference = diff(without_numbers(wanted).splitlines(), without_numbers(real).splitlines())
        raise LessonError(f"`{command}` printed something else ({why}).{difference}", line)
