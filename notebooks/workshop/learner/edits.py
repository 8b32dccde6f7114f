"""What a `%%edit` cell does to a file of `work/`, in words."""

import difflib
import re

from ..errors import WorkshopError
from .manifest import Step

PLACE = re.compile(r"work/(\S+\.py), line \d+")


def is_stub(step: Step, relative: str, text: str) -> bool:
    """Whether the text is what the step gives the learner to begin with."""
    stubs = [step.folder / layer / relative for layer in ("start", "given")]
    return any(stub.exists() and stub.read_text(encoding="utf-8") == text for stub in stubs)


def changed(before: str, after: str) -> str:
    """How many lines came and went; nothing when none did."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in ("+ ", "- "))
    return f"{added} {'line' if added == 1 else 'lines'} added, {removed} removed" if added or removed else ""


def file_in(error: WorkshopError) -> str:
    """The file of `work/` whose line the error names; nothing when it names none."""
    found = PLACE.search(str(error))
    return found[1] if found else ""


def led_back(error: WorkshopError, step: Step) -> WorkshopError:
    """The error, with the place in the notebook where its line is corrected."""
    file = file_in(error)
    return WorkshopError(f"{error}\n{where_to_correct(file, step)}") if file else error


def where_to_correct(relative: str, step: Step) -> str:
    """The cell that writes the file, where this step's notebook has one; else the file itself."""
    if relative in step.edits:
        return f"Correct it in the cell that begins with %%edit {relative}, and run that cell."
    return f"Open work/{relative}, correct the line, then run the first code cell again."
