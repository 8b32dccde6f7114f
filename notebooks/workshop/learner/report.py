"""What the commands print: outcomes, hints and progress, readable at 80 columns and without colour."""

import textwrap
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .. import paths
from . import checker, manifest, progress, work
from .manifest import Step

MARKS = {"passed": "✓", "not yet": "✗", "not started": "·", "broken": "!"}


def print_outcomes(step: Step) -> bool:
    """Check `work/` and print how each check came out. Gives whether all passed."""
    console = Console(highlight=False)
    console.print(f"Checking work/ against step {step.stem} ...")
    work.current()
    outcomes = checker.run(paths.WORK, [step])
    for outcome, message in checker.told(outcomes):
        console.print(
            f"  {MARKS[outcome.state]} {outcome.state:<12} {outcome.title}", markup=False, soft_wrap=True
        )
        if message:
            console.print(wrapped(message, console.width), markup=False, soft_wrap=True)
    result = checker.summary(outcomes)
    progress.checked(step, result)
    good = sum(outcome.state == "passed" for outcome in outcomes)
    console.print(f"\n{step.stem}: [bold]{result}[/bold] ({good} of {len(outcomes)} checks)")
    console.print(what_next(step, result), markup=False)
    return result == "passed"


def wrapped(message: str, width: int) -> str:
    """The message under its check, line by line; a line that is too long goes on below itself."""
    margin = " " * 17
    lines = [
        textwrap.wrap(
            line,
            max(width, 40),
            initial_indent=margin + " " * (len(line) - len(line.lstrip())),
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in message.splitlines()
    ]
    return "\n".join(line for group in lines for line in group)


def what_next(step: Step, result: str) -> str:
    if result != "passed":
        return "Change work/ and run make check again. Stuck? make hint"
    later = [other for other in manifest.steps() if other.stem > step.stem]
    return f"Next: make start STEP={later[0].stem}" if later else "That was the last step."


def print_hint(step: Step, number: int, text: str) -> None:
    console = Console(highlight=False)
    headline = f"Hint {number} of {len(step.hints)} for {step.stem}: {text}"
    lines = textwrap.wrap(headline, console.width, break_long_words=False, break_on_hyphens=False)
    console.print("\n".join(lines), markup=False, soft_wrap=True)
    if number == len(step.hints):
        console.print("That was the last hint. make solve shows the answer, and keeps your version.")


def print_progress() -> None:
    """A row per step: its outcome at the last check, hints taken, guesses that were right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("step", "outcome", "hints", "guesses", "minutes"):
        table.add_column(heading, justify="right" if heading == "minutes" else "left")
    known = progress.read()
    for step in manifest.steps():
        facts = known.get(step.stem, {})
        outcome = facts.get("outcome", "not started") + (" (with make solve)" if facts.get("solved") else "")
        outcome = (
            "passed" if facts.get("passed") else outcome
        )  # by the learner, once: later trials do not undo it
        guesses = facts.get("guesses", {})
        right = sum(entry.get("right", False) for entry in guesses.values())
        told = f"{right} of {len(guesses)} right" if guesses else "-"
        table.add_row(step.stem, outcome, str(facts.get("hints", 0)), told, str(step.minutes))
    Console(highlight=False).print(table)


def say_kept(kept: Path | None) -> None:
    """Say where the old copy went, when there was one."""
    if kept:
        Console(highlight=False).print(
            f"Your earlier copy is kept in {paths.shown(kept)}/", markup=False, soft_wrap=True
        )
