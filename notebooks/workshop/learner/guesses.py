"""Guess first, run then, compare last. Guesses are kept with the learner's progress."""

from typing import Any

from ..errors import WorkshopError
from . import progress
from .manifest import Step


class Guesses:
    """The guesses of one notebook, by the name of their question."""

    def __init__(self, step: Step):
        self.step = step
        self.made: dict[str, Any] = {}
        self.choices: dict[str, list[Any]] = {}

    def guess(self, name: str, choice: Any, *, choices: list[Any]) -> str:
        """Record a guess. `...` means none yet; anything that is no choice is refused with the choices named."""
        if choice is not ... and choice not in choices:
            raise WorkshopError(
                f"{choice!r} is not one of the choices. Put one of these in its place: {listed(choices)}"
            )
        self.made[name], self.choices[name] = choice, choices
        if choice is ...:
            return f"No guess yet. Put one of these in place of the dots: {listed(choices)}"
        return f"Your guess: {choice!r}. Run the next cell and see."

    def compare(self, name: str, result: Any, *, because: dict[Any, str] | None = None) -> str:
        """Say whether the guess was right, and remember it. Guessing wrong costs nothing.

        `because` says, for a wrong choice, what is not so about it.
        """
        if name not in self.made:
            raise WorkshopError(
                f"There is no guess named {name!r} yet. Run the cell with guess({name!r}, ...) first."
            )
        choice = self.made[name]
        if choice is ...:
            return f"It is {result!r}. You made no guess: a guess, even a wrong one, makes it stick."
        if result not in self.choices[name]:
            return (
                f"It is {result!r}, and that is none of the choices. Has a token expired while you read? "
                "Run the cells of this section again, from its guess on."
            )
        right = choice == result
        self.remember(name, right)
        if right:
            return f"You guessed {choice!r}, and so it is."
        return f"You guessed {choice!r}, and it is {result!r}. {explanation(choice, because or {})}"

    def remember(self, name: str, right: bool) -> None:
        known = progress.of(self.step).get("guesses", {})
        progress.note(self.step, guesses=known | {name: {"right": right}})


def listed(choices: list[Any]) -> str:
    return ", ".join(repr(choice) for choice in choices)


def explanation(choice: Any, because: dict[Any, str]) -> str:
    """What is said of this wrong choice. A list cannot be a key: a tuple names it."""
    key = tuple(choice) if isinstance(choice, list) else choice
    return because.get(key, "Look again at what was sent, and at what came back.")
