"""What the commands print: outcomes, hints and progress, readable at 80 columns and without colour."""

import textwrap
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .. import paths
from . import hints, manifest, open_notebooks, planned, progress
from .check_work import Checked, check_work
from .class_report import tell
from .manifest import Step
from .next_steps import Lead, leads


def print_outcomes(step: Step) -> bool:
    """Check `work/` and print how each check came out. Gives whether all passed."""
    console = Console(highlight=False)
    console.print(f"Checking work/ against step {step.stem} ...")
    checked = check_work(step)
    for mark, state, title, message in checked.rows():
        row = f"  {mark} {state:<12} {wrapped(title, console.width).lstrip()}"
        console.print(row, markup=False, soft_wrap=True)
        if message:
            console.print(wrapped(message, console.width), markup=False, soft_wrap=True)
    console.print(f"\n{checked.headline}", style="bold")
    console.print(what_next(checked), markup=False, soft_wrap=True)
    if told := tell(checked):
        console.print(told, markup=False, soft_wrap=True)
    return checked.passed


def wrapped(message: str, width: int) -> str:
    """A check's name or message, line by line; a line that is too long goes on below itself."""
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


def what_next(checked: Checked) -> str:
    """The leads as lines for a terminal, each file by its path."""
    advice = [] if checked.passed else [Lead("Change work/, then run make check again.")]
    return "\n".join(as_line(lead) for lead in advice + leads(checked.step, passed=checked.passed))


def as_line(lead: Lead) -> str:
    """The next step is a command in a terminal; every other file is one to read."""
    if lead.step:
        return f"Next: make start STEP={lead.step}"
    return f"{lead.says}: {paths.shown(lead.file)}" if lead.file else lead.says


def print_hint(step: Step) -> None:
    console = Console(highlight=False)
    for said in hints.take(step, after=hints.SOLVE).splitlines():
        lines = textwrap.wrap(said, console.width, break_long_words=False, break_on_hyphens=False)
        console.print("\n".join(lines), markup=False, soft_wrap=True)


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
    for stem in planned.steps():
        table.add_row(stem, "planned")
    Console(highlight=False).print(table)


def say_kept(kept: Path | None) -> None:
    """Say where the old copy went, when there was one."""
    if kept:
        Console(highlight=False).print(
            f"Your earlier copy is kept in {paths.shown(kept)}/", markup=False, soft_wrap=True
        )


def say_open_notebooks() -> None:
    """Say which notebooks share `work/`: their servers still run what was there before."""
    for notebook in open_notebooks.others():
        Console(highlight=False).print(
            f"The notebook of step {notebook.step} is open, and it works on work/ too. Its server still runs the "
            "earlier files: run its first code cell again, or shut its kernel down.",
            markup=False,
        )
