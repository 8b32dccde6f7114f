"""The hints of a step, the smallest first: for `make hint`, and for a notebook's `hint()`."""

from . import progress
from .manifest import Step

SOLVE = "make solve shows the answer, and keeps your version."


def take(step: Step, *, after: str) -> str:
    """The next hint. With the last one, `after` says where the answer is."""
    number, text = progress.next_hint(step)
    said = f"Hint {number} of {len(step.hints)} for {step.stem}: {text}"
    return said if number < len(step.hints) else f"{said}\nThat was the last hint. {after}"
