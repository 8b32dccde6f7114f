"""Run pytest in this process and leave no trace of it, for a place that has no processes: a browser's tab."""

import builtins
import contextlib
import io
import os
import pdb
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .. import paths


def run(options: list[str], tree: Path, variables: dict[str, str]) -> str:
    """What pytest said, with these options and environment variables, about checks of the tree."""
    said = io.StringIO()
    with as_before(tree, variables), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        pytest.main(options)
    return said.getvalue()


@contextlib.contextmanager
def as_before(tree: Path, variables: dict[str, str]) -> Iterator[None]:
    """After the block, what checks change in their process is as it was."""
    kept = dict(os.environ), sys.path[:], sys.dont_write_bytecode
    questions = builtins.input, pdb.set_trace, sys.breakpointhook
    os.environ.update(variables)
    os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        yield
    finally:
        environment, sys.path[:], sys.dont_write_bytecode = kept
        builtins.input, pdb.set_trace, sys.breakpointhook = questions
        for name in set(os.environ) - set(environment):
            del os.environ[name]
        os.environ.update(environment)
        forget(tree)


def forget(tree: Path) -> None:
    """The next run imports the plugin, the checks and the learner's files anew."""
    sys.modules.pop("workshop.learner.check_plugin", None)
    places = tuple(f"{folder}{os.sep}" for folder in (tree, paths.SOLUTIONS))
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(places):
            del sys.modules[name]
