"""A block under a path in bold: its lines must stand in that file."""

from itertools import pairwise
from pathlib import Path

from .blocks import Block
from .lesson_error import LessonError
from .session import Session

LEFT_OUT = ("...", "# ...")


def check(session: Session, block: Block) -> None:
    """`LessonError` unless every excerpt stands in the file, whole lines together, one after the other."""
    lines = [line.rstrip() for line in find(session, block).read_text(encoding="utf-8").splitlines()]
    after = 0
    if not any(excerpt for excerpt, _ in excerpts(block)):
        raise LessonError(f"the block shows no line of {block.path}.", block.line)
    for excerpt, offset in excerpts(block):
        found = position(excerpt, lines, after)
        if found is None:
            raise LessonError(*why_not(block, excerpt, offset, lines[after:]))
        after = found + len(excerpt)


def find(session: Session, block: Block) -> Path:
    """The file a block names; `work/` is the answer of the lesson's step."""
    inside, _, rest = block.path.partition("/")
    root, relative = (session.tree, rest) if inside == "work" else (session.clone, block.path)
    if root is None:
        raise LessonError(
            f"{block.path} is named, but this text belongs to no step that has an answer.", block.line
        )
    path = (root / relative).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        raise LessonError(f"there is no file {block.path}.", block.line)
    return path


def excerpts(block: Block) -> list[tuple[list[str], int]]:
    """The runs of lines between the `...` lines, without blank edges, each with its place in the block."""
    marks = [number for number, line in enumerate(block.lines) if line.strip() in LEFT_OUT]
    runs = []
    for before, mark in pairwise([-1, *marks, len(block.lines)]):
        full = [number for number in range(before + 1, mark) if block.lines[number]]
        if full:
            runs.append((block.lines[full[0] : full[-1] + 1], full[0]))
    return runs


def position(excerpt: list[str], lines: list[str], after: int) -> int | None:
    starts = range(after, len(lines) - len(excerpt) + 1)
    return next((start for start in starts if lines[start : start + len(excerpt)] == excerpt), None)


def why_not(block: Block, excerpt: list[str], offset: int, lines: list[str]) -> tuple[str, int]:
    """The first line that is not so, where the file agrees longest, and its line in the lesson."""
    same = [agreement(excerpt, lines[start:]) for start in range(len(lines))]
    most = max(same, default=0)
    here = block.line + offset + most
    if most == 0:
        return f"{block.path} holds no line {excerpt[0]!r} where the lesson shows it.", here
    following = [*lines, "(the end of the file)"][same.index(most) + most]
    return f"{block.path} does not go on as shown.\n    - {excerpt[most]}\n    + {following}", here


def agreement(excerpt: list[str], lines: list[str]) -> int:
    """How many lines are the same before the first that is not."""
    pairs = enumerate(zip(excerpt, lines, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(excerpt), len(lines)))
