"""Where things are in this clone. Nothing is ever written outside it, unless it is read-only."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"
LESSONS = ROOT / "lessons"
NOTEBOOKS = ROOT / "notebooks"
SOLUTIONS = Path(os.environ.get("WORKSHOP_SOLUTIONS", ROOT / "solutions"))

# Everything that is written goes here: into the clone, or, where a hub's users share a clone that they cannot write to,
# into a folder of each user's own.
OWN = Path(
    os.environ.get("WORKSHOP_HOME") or (ROOT if os.access(ROOT, os.W_OK) else Path.home() / "jwt-workshop")
)

# The learner's copy. Tests point it elsewhere, so that they never touch what a learner wrote.
WORK = Path(os.environ.get("WORKSHOP_WORK", OWN / "work"))

# What stays in `work/` when a copy goes to its history: the history, the progress, the class, and the learner's notebooks.
MY_NOTEBOOKS = "notebooks"
KEPT = (".history", ".progress.json", ".class.json", MY_NOTEBOOKS)

# In every tree: the plain project that step 01 gives, with a manage.py of its own.
OWN_PROJECT = "own_project"

# What the workshop makes for itself and can make again: templates, running servers, caches.
SCRATCH = OWN / ".workshop"

# The database and the sheet of `make class`. Tests point it elsewhere.
CLASS = Path(os.environ.get("WORKSHOP_CLASS", SCRATCH / "class"))


def elsewhere() -> str:
    """A sentence that says where `work/` is, where that is not the clone; else nothing."""
    return (
        ""
        if OWN == ROOT
        else f"{ROOT} is read-only here, so your own files go to {OWN}, and work/ is {WORK}."
    )


def shown(path: Path) -> str:
    """The path as a learner knows it: relative to the clone where it lies inside, with forward slashes."""
    path = Path(path)
    if path.is_relative_to(WORK):
        return (Path("work") / path.relative_to(WORK)).as_posix()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
