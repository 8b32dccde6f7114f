"""A step that `make new` has just made fails its tests with one sentence: which of its files is not written yet."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from workshop import paths
from workshop.authoring.scaffold import NOT_WRITTEN, unwritten
from workshop.learner.manifest import Step

# Tests of a notebook that need the step's solution too; the others look at the notebook's form alone.
MORE_THAN_FORM = re.compile("solved|solution|stored_outputs")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Before a test of a step or of one of its texts runs: is what it is about written at all?"""
    params = getattr(pyfuncitem, "callspec", None)
    about = [
        path for value in (params.params.values() if params else ()) for path in files_of(pyfuncitem, value)
    ]
    if files := [file for path in about if path.exists() for file in unwritten(path)]:
        pytest.fail(f"{NOT_WRITTEN}: {', '.join(map(paths.shown, files))}", pytrace=False)


def files_of(item: pytest.Function, value: object) -> Iterator[Path]:
    """What a parameter is about: the files of a step, or one text. Tests of notebooks are about the notebook too."""
    if isinstance(value, partial) and value.args and isinstance(value.args[0], Step):
        value = value.args[0]
    if isinstance(value, Step):
        of_notebooks = item.path.stem == "test_notebooks"
        if not of_notebooks or MORE_THAN_FORM.search(item.name):
            yield value.folder
        yield from value.notebooks if of_notebooks else []
    value = getattr(value, "text", value)  # an example of a text
    if isinstance(value, Path) and value.suffix == ".md":
        yield value
