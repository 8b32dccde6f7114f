"""Where things are in this clone. Nothing is ever written outside it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"
LESSONS = ROOT / "lessons"
NOTEBOOKS = ROOT / "notebooks"
SOLUTIONS = Path(os.environ.get("WORKSHOP_SOLUTIONS", ROOT / "solutions"))

# The learner's copy. Tests point it elsewhere, so that they never touch what a learner wrote.
WORK = Path(os.environ.get("WORKSHOP_WORK", ROOT / "work"))

# What stays in `work/` when a copy goes to its history: the history, the progress, the class, and the learner's notebooks.
MY_NOTEBOOKS = "notebooks"
KEPT = (".history", ".progress.json", ".class.json", MY_NOTEBOOKS)

# What the workshop makes for itself and can make again: templates, running servers, caches.
SCRATCH = ROOT / ".workshop"

# The database and the sheet of `make class`. Tests point it elsewhere.
CLASS = Path(os.environ.get("WORKSHOP_CLASS", SCRATCH / "class"))


def shown(path: Path) -> str:
    """The path as a learner knows it: relative to the clone where it lies inside, with forward slashes."""
    path = Path(path)
    if path.is_relative_to(WORK):
        return (Path("work") / path.relative_to(WORK)).as_posix()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
