"""A part of this clone in another place, for tests that change it."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from workshop import paths
from workshop.learner.tree import LEFT_OUT
from workshop.servers import template

UNFINISHED = shutil.ignore_patterns("*making-*")  # templates that another test is just making


def clone(place: Path, folders: Iterable[str], locks: str) -> Path:
    """Copy these folders, the lock files of this pattern, and the databases that are ready. Gives the place."""
    for name in folders:
        shutil.copytree(paths.ROOT / name, place / name, ignore=LEFT_OUT)
    for lock in paths.ROOT.glob(locks):
        shutil.copy(lock, place)
    if template.FOLDER.exists():
        shutil.copytree(template.FOLDER, place / ".workshop/templates", ignore=UNFINISHED)
    return place
