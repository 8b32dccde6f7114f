"""How a lesson hears that it no longer tells the truth."""

import difflib
from collections.abc import Sequence

DIFF_LINES = 24


class LessonError(AssertionError):
    """Something in a lesson is not so. `line` is where, counted from 1; None means where the example is."""

    def __init__(self, message: str, line: int | None = None):
        super().__init__(message)
        self.line = line


def diff(shown: Sequence[str], real: Sequence[str]) -> str:
    """The lines that differ, `-` for the lesson and `+` for reality; nothing when none do."""
    lines = list(difflib.unified_diff(shown, real, "the lesson", "reality", lineterm="", n=1))
    rest = [f"... and {len(lines) - DIFF_LINES} more lines"] if len(lines) > DIFF_LINES else []
    return "".join(f"\n    {line}" for line in [*lines[:DIFF_LINES], *rest])
