"""A block under a path in bold: its lines must be in that file."""

import re
from pathlib import Path

from .lesson_error import LessonError
from .markdown import Block
from .session import Session

LEFT_OUT = ("...", "# ...")


def check(session: Session, block: Block) -> None:
    """`LessonError` unless the file has these lines, whole and in this order; `...` leaves lines out."""
    text = "\n".join(line.rstrip() for line in find(session, block).read_text(encoding="utf-8").splitlines())
    if all(line.strip() in ("", *LEFT_OUT) for line in block.lines):
        raise LessonError(f"the block shows no line of {block.path}.", block.line)
    for number, line in enumerate(block.lines):
        if line and line.strip() not in LEFT_OUT and not holds(text, block.lines[: number + 1]):
            place = f"{block.path} has no line {line!r} where the lesson shows it."
            raise LessonError(place, block.line + number)


def holds(text: str, lines: list[str]) -> bool:
    """Whether the text has these lines, where every `...` and the blank lines around it are any lines."""
    pattern = "\n".join("..." if line.strip() in LEFT_OUT else re.escape(line) for line in lines).strip("\n")
    pattern = re.sub(r"\n*^\.\.\.$\n*", r"\\n(?:.*\\n)*?", pattern, flags=re.M).removeprefix(r"\n")
    return re.search(rf"^{pattern}$", text, re.M) is not None


def find(session: Session, block: Block) -> Path:
    """The file a block names; `work/` is the answer of the lesson's step."""
    inside, _, rest = block.path.partition("/")
    root, relative = (session.tree, rest) if inside == "work" else (session.clone, block.path)
    if root is None:
        raise LessonError(
            f"{block.path} is named, but this text belongs to no step with an answer.", block.line
        )
    path = (root / relative).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise LessonError(f"there is no file {block.path}.", block.line)
    return path
