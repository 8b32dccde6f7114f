"""A notebook may run in a kernel of another environment: the first cell then says what to do. Standard library only."""

import sys
from importlib.util import find_spec

from ..errors import WorkshopError
from ..paths import ROOT
from . import installation

# One module of each library that the first cell needs; a kernel that has all of them is good, wherever it is.
NEEDED = (
    "django",
    "rest_framework",
    "rest_framework_simplejwt",
    "argon2",
    "requests",
    "rich",
    "click",
    "pytest",
)


def refuse_foreign() -> None:
    """Raise a `WorkshopError` that says which kernel to choose, where this one lacks packages of the workshop."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise WorkshopError(
            f"This notebook runs on {sys.executable}, which does not have {listed(missing)}. {remedy()}"
        )


def listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def remedy() -> str:
    """The kernel to choose, and the command that makes it where it is not there yet."""
    if not installation.is_installed("lab"):
        return (
            f"Type `make setup` in a terminal in {ROOT}: it installs them, and says which kernel to choose."
        )
    return (
        f"Choose another kernel for it: {installation.PYTHON}. "
        "Your editor or Jupyter lists it, or `make setup` says how to make it known there; `make lab` always uses it."
    )
