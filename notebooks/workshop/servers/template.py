"""Migrated, seeded databases, made once and copied: a server's start does not pay for migrations."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .. import paths
from ..errors import WorkshopError
from . import manage

FOLDER = paths.SCRATCH / "templates"

# The tree's files that decide what is in a fresh database.
DECIDING = ("migrations/*.py", "models.py", "settings.py", "populate_db.py", "hashers.py")


def copy_to(destination: Path, tree: Path, **variables: str) -> Path:
    """Copy the fresh database of this tree to a file, making the template first where there is none.

    The variables are for the commands that make it.
    """
    template = FOLDER / f"{fingerprint(tree)}.sqlite3"
    if not template.exists():
        make(template, tree, **variables)
    return Path(shutil.copyfile(template, destination))


def fingerprint(tree: Path, settings: str = manage.SETTINGS_MODULE) -> str:
    """Names the fresh database of this tree, made with these settings. `QUICK_HASHES` is for ours alone: a tab's are quick."""
    lock = (paths.ROOT / "requirements.txt").read_bytes()
    files = sorted({path for folder in (tree, paths.SERVER / "hardening") for path in deciding(folder)})
    files = [path for path in files if not path.is_relative_to(tree / paths.OWN_PROJECT)]  # it has its own
    quick = os.environ.get("QUICK_HASHES", "") if settings == manage.OURS else ""
    parts = [part for path in files for part in (path.name.encode(), path.read_bytes())]
    return hashlib.sha256(b"\0".join([lock, quick.encode(), *parts])).hexdigest()[:16]


def deciding(folder: Path) -> Iterator[Path]:
    """Its files that decide. In hidden folders is none, and a server that starts makes and removes some in `.keyring`."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = [Path(place, name) for name in names]
        yield from (file for file in files if any(map(file.match, DECIDING)))


def make(template: Path, tree: Path, **variables: str) -> None:
    """Migrate and seed beside the final name, then rename: two makers never see half a database."""
    template.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=template.parent, prefix="making-") as folder:
        database = Path(folder) / "db.sqlite3"
        for command in (["migrate", "--verbosity", "0"], ["populate_db"]):
            manage.manage(tree, command, database, **variables)
            if not database.exists():
                raise WorkshopError(
                    f"`manage.py {command[0]}` ended before it did anything, and said nothing. Does a file of "
                    f"{paths.shown(tree)}/ call exit()? Take that out."
                )
        database.replace(template)
