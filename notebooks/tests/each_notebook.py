"""A test for each notebook of some steps: with its step, and with the solved notebook that belongs to it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from workshop.learner.manifest import Step

Case = tuple[Step, Path, Path]


def notebooks_of(steps: Iterable[Step]) -> list[Case]:
    return [(step, *both) for step in steps for both in step.solved_notebooks.items()]


def each_of(cases: Sequence[Case]) -> pytest.MarkDecorator:
    """The test takes `step`, `notebook` and `stored`."""
    names = [f"{step.stem}-{notebook.stem}" for step, notebook, _ in cases]
    return pytest.mark.parametrize(("step", "notebook", "stored"), cases, ids=names)
