"""Where a learner goes from a check: to the next hint, or past the answer to the next step."""

from pathlib import Path
from typing import NamedTuple

from . import manifest, planned, progress
from .manifest import Step


class Lead(NamedTuple):
    """One thing to do next: a sentence, and the file it speaks of, if it speaks of one."""

    says: str
    file: Path | None = None
    step: str = ""  # the stem of the step it leads to


def leads(step: Step, *, passed: bool, hint: str = "make hint") -> list[Lead]:
    """What to do after a check. `hint` is what a learner types for one where they are."""
    if not passed:
        number = min(progress.of(step).get("hints", 0) + 1, len(step.hints))
        return [Lead(f"Stuck? {hint} shows hint {number} of {len(step.hints)}.")]
    return [
        Lead("Other right answers, and wrong beliefs", step.folder / "README.md"),
        following(step),
    ]


def following(step: Step) -> Lead:
    """The next step there is; or the one that is planned, named as that."""
    for later in manifest.steps():
        if later.stem > step.stem:
            return Lead(f"Next: step {later.number}, {later.title}", later.notebook, later.stem)
    for stem in planned.steps():
        if stem > step.stem:
            return Lead(f"That was the last step. Step {stem} is planned, and not written yet.")
    return Lead("That was the last step.")
