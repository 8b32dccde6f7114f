"""Migrated, seeded databases, made once and copied: a server's start does not pay for migrations."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from . import paths
from .errors import WorkshopError
from .traceback_text import explain
from .tree import manage_py

FOLDER = paths.SCRATCH / "templates"

# The tree's files that decide what is in a fresh database.
DECIDING = ("**/migrations/*.py", "**/models.py", "**/settings.py", "**/populate_db.py", "**/hashers.py")


def copy_to(destination: Path, tree: Path) -> Path:
    """Copy the fresh database of this tree to a file, making the template first where there is none."""
    template = FOLDER / f"{fingerprint(tree)}.sqlite3"
    if not template.exists():
        make(template, tree)
    return Path(shutil.copyfile(template, destination))


def fingerprint(tree: Path) -> str:
    lock = (paths.ROOT / "requirements.txt").read_bytes()
    files = sorted({path for pattern in DECIDING for path in tree.glob(pattern)})
    parts = [
        part for path in files for part in (path.relative_to(tree).as_posix().encode(), path.read_bytes())
    ]
    return hashlib.sha256(b"\0".join([lock, *parts])).hexdigest()[:16]


def make(template: Path, tree: Path) -> None:
    """Migrate and seed beside the final name, then rename: two makers never see half a database."""
    template.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=template.parent, prefix="making-") as folder:
        database = Path(folder) / "db.sqlite3"
        for command in (["migrate", "--verbosity", "0"], ["populate_db"]):
            manage(tree, command, database)
        database.replace(template)


def manage(tree: Path, arguments: list[str], database: Path, **more: str) -> str:
    """What one management command of the tree prints, run on a database; its failure becomes a sentence."""
    return run_command(tree, arguments, environment(tree, database, **more))


def run_command(tree: Path, arguments: list[str], variables: dict[str, str]) -> str:
    """The same with these environment variables, which name the database."""
    command = [sys.executable, str(manage_py(tree)), *arguments]
    answer = subprocess.run(
        command,
        cwd=tree,
        env=variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if answer.returncode:
        raise WorkshopError(explain(answer.stderr, tree, f"`manage.py {arguments[0]}` failed"))
    return answer.stdout


def environment(tree: Path, database: Path, **more: str) -> dict[str, str]:
    """A development server's environment: this database, nothing else of ours or of the caller's Django.

    Bytecode is written for the server as it comes, and not for trees: a file edited twice within one
    second to the same length would leave stale bytecode behind, and the learner's edit would not run.
    """
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "JWT_", "PYTEST"))
    }
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    if tree.resolve() != paths.SERVER:
        ours["PYTHONDONTWRITEBYTECODE"] = "1"
    return (
        ours
        | {
            "DATABASE_URL": f"sqlite:///{quote(database.as_posix())}",
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
        }
        | more
    )
