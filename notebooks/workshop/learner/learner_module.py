"""Import a file the learner wrote, so that its mistakes become sentences."""

import builtins
import functools
import importlib.util
import inspect
import os
import pdb
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ..errors import WorkshopError


def load(tree: Path, relative: str, *, calls: list[tuple[str, Any]], step: str) -> ModuleType:
    """The file as a module, imported anew. What its functions give is also put into `calls`, with their names."""
    path = tree / relative
    if not path.exists():
        raise WorkshopError(
            f"work/{relative} is not there. Bring it back with make reset STEP={step}: it keeps your copy "
            "and makes a new one."
        )
    code = readable(path, relative)
    see_what_is_beside(path, tree)
    folder = ".".join(path.parent.relative_to(tree).parts)  # `from .exceptions import` works as in a server
    spec = importlib.util.spec_from_file_location(f"{folder}.learner_{path.stem}".strip("."), path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    exec(code, vars(module))  # noqa: S102 - what an import does
    for owner in [module, *classes_of(module)]:
        for name, function in functions_of(owner, module).items():
            setattr(owner, name, recording(function, relative, calls))
    return module


def see_what_is_beside(path: Path, tree: Path) -> None:
    """Let the file import others of its folder, as it can when Python runs it; what was imported before is read anew.

    The folder comes last in the search: a file that is named like a module of Python's does not take its place.
    """
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    own = f"{tree}{os.sep}"
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(own):
            del sys.modules[name]
    importlib.invalidate_caches()


def refuse_questions() -> None:
    """A check has nobody at the keyboard: code that waits for one gets an error that says so, with its line."""

    def asking(*_args: object, **_options: object) -> None:
        raise EOFError("input() waits for a person, and there is none in a check. Take it out.")

    builtins.input = asking
    pdb.set_trace = sys.breakpointhook = no_breakpoint


def no_breakpoint(*_args: object, **_options: object) -> None:
    raise RuntimeError(
        "breakpoint() waits for a person, and there is none in a check. Take it out, or run the file by itself."
    )


def readable(path: Path, relative: str) -> CodeType:
    """The file, compiled; a sentence with the line, for text that is no Python."""
    try:
        return compile(path.read_bytes(), path, "exec")
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise WorkshopError(f"work/{relative}{line}: {error.msg}.") from None
    except ValueError as error:
        raise WorkshopError(f"work/{relative} cannot be read as Python: {error}.") from None


def classes_of(module: ModuleType) -> list[type]:
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__
    ]


def functions_of(owner: ModuleType | type, module: ModuleType) -> dict[str, FunctionType]:
    """The functions that the learner wrote there, without Python's own `__...__`."""
    return {
        name: value
        for name, value in vars(owner).items()
        if isinstance(value, FunctionType)
        and value.__module__ == module.__name__
        and not name.startswith("__")
    }


def recording(function: FunctionType, relative: str, calls: list[tuple[str, Any]]) -> Callable:
    """The same function; it tells a check whose arguments it has no place for, and notes what it gave."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if sys._getframe(1).f_code.co_filename != function.__code__.co_filename:
            refuse_other_arguments(function, relative, args, kwargs)
        value = function(*args, **kwargs)
        calls.append((function.__qualname__, value))
        return value

    return called


def refuse_other_arguments(
    function: FunctionType, relative: str, args: tuple, kwargs: dict[str, Any]
) -> None:
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError as error:
        raise WorkshopError(
            f"work/{relative}: the check calls {function.__qualname__}() as the stub has it, and your version does "
            f"not take that: {error}. Keep its parameters."
        ) from None
