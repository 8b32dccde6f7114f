"""The one way to check `work/`: for `make check`, for `make watch`, and for a notebook's `check()`."""

from dataclasses import dataclass

from .. import paths
from . import checker, progress, work
from .checker import Outcome
from .manifest import Step

MARKS = {"passed": "✓", "not yet": "✗", "not started": "·", "skipped": "-", "broken": "!"}


@dataclass(frozen=True)
class Checked:
    """How the checks of a step came out, in the order of the specification."""

    step: Step
    outcomes: list[Outcome]

    @property
    def result(self) -> str:
        return checker.summary(self.outcomes)

    @property
    def passed(self) -> bool:
        return self.result == "passed"

    @property
    def headline(self) -> str:
        states = [outcome.state for outcome in self.outcomes]
        skipped = states.count("skipped")
        not_proven = f"; {skipped} not proven on this machine" if skipped else ""
        return (
            f"{self.step.stem}: {self.result} ({states.count('passed')} of {len(states)} checks{not_proven})"
        )

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Mark, state, title and message of each check; the first failure has its message whole."""
        told = checker.told(self.outcomes)
        return [(MARKS[each.state], each.state, each.title, message) for each, message in told]


def check_work(step: Step) -> Checked:
    """Check `work/` against the step, on a server of its own, and remember how it came out."""
    work.current()
    checked = Checked(step, checker.run(paths.WORK, [step]))
    progress.checked(step, checked.result)
    return checked
