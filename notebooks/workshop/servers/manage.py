"""Run the management commands of a tree."""

import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote

from .. import paths
from ..errors import WorkshopError
from .traceback_text import explain
from .transport import command

SETTINGS = os.environ.get("WORKSHOP_SETTINGS")  # a tab has its own: see authoring/site
OURS = "hardening.settings"  # what a tree's manage.py names
SETTINGS_MODULE = SETTINGS or OURS


def manage_py(tree: Path) -> Path:
    """The tree's manage.py, or a sentence for a tree that has lost it."""
    path = tree / "manage.py"
    if not path.exists():
        raise WorkshopError(
            f"{paths.shown(tree)}/ has no manage.py, so there is no server to start. "
            "Bring the file back (make reset makes the whole copy anew and keeps yours in work/.history)."
        )
    return path


def manage(tree: Path, arguments: list[str], database: Path, **more: str) -> str:
    """What one management command of the tree prints, run on a database; its failure becomes a sentence."""
    return run_command(tree, arguments, environment(tree, database, **more))


def run_command(tree: Path, arguments: list[str], variables: dict[str, str]) -> str:
    """The same with these environment variables, which name the database."""
    manage_py(tree)
    code, said, errors = command(tree, arguments, variables)
    if code:
        raise WorkshopError(explain(errors, tree, f"`manage.py {arguments[0]}` failed"))
    return said


def key_of(tree: Path) -> dict[str, str]:
    """The development key of a tree that is read-only, and cannot keep one itself; else nothing."""
    if os.access(tree, os.W_OK):
        return {}
    file = paths.SCRATCH / "development_key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, delete=False
        ) as new:  # its owner alone reads it
            new.write(secrets.token_urlsafe(64))
        Path(new.name).replace(file)
    return {"DJANGO_SECRET_KEY": file.read_text(encoding="utf-8")}


def environment(tree: Path, database: Path, **more: str) -> dict[str, str]:
    """A development server's environment: this database, nothing else of ours or of the caller's Django.

    Bytecode is written for the server as it comes, and not for trees: a file edited twice within one
    second to the same length would leave stale bytecode behind, and the learner's edit would not run.
    """
    ours = {
        name: value
        for name, value in around().items()
        if not name.startswith(("DJANGO_", "JWT_", "TOKEN_LAB", "PYTEST"))
    }
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    if tree.resolve() != paths.SERVER:
        ours["PYTHONDONTWRITEBYTECODE"] = "1"
    return (
        ours
        | key_of(tree)
        | {
            "DATABASE_URL": f"sqlite:///{quote(database.as_posix())}",
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
        }
        | settings()
        | more
    )


def around() -> dict[str, str]:
    """This process's variables, also while another thread takes some away: pytest does so after each test."""
    return {name: value for name in list(os.environ) if (value := os.environ.get(name)) is not None}


def settings() -> dict[str, str]:
    """The settings module of every server, when there is one for this place; else manage.py names it."""
    return {"DJANGO_SETTINGS_MODULE": SETTINGS} if SETTINGS else {}
