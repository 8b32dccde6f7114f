"""Read `drf_course/simple_jwt.py` without running it, for a mistake that shows only at the first login."""

import ast
from collections.abc import Iterator
from pathlib import Path

FILE = "drf_course/simple_jwt.py"


def fault(tree: Path) -> str:
    """The file and line of a lifetime that is a plain number; nothing when there is none.

    simplejwt starts with it, and fails when it adds the number to a date.
    """
    for line, name, value in numbers(tree / FILE):
        return (
            f"work/{FILE}, line {line}: {name} is the number {value}, and a lifetime is a timedelta. "
            f"Write timedelta(seconds={value}) there."
        )
    return ""


def numbers(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, name and source of each entry `..._LIFETIME` that holds only numbers."""
    try:
        module = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return
    entries = [
        pair
        for node in ast.walk(module)
        if isinstance(node, ast.Dict)
        for pair in zip(node.keys, node.values, strict=True)
    ]
    for key, value in entries:
        name = getattr(key, "value", "")
        if isinstance(name, str) and name.endswith("_LIFETIME") and is_number(value):
            yield value.lineno, name, ast.unparse(value)


def is_number(node: ast.expr) -> bool:
    parts = [part for part in ast.walk(node) if isinstance(part, ast.expr)]
    kinds = (ast.Constant, ast.BinOp, ast.UnaryOp)
    return all(isinstance(part, kinds) for part in parts)
