"""Run the management commands of a tree, each in a process of its own."""

import os
import tempfile
from pathlib import Path
from typing import IO
from urllib.parse import quote

from .. import paths
from ..errors import WorkshopError
from . import processes
from .traceback_text import explain


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
    return Command(tree, arguments, variables).printed(f"`manage.py {arguments[0]}` failed")


class Command:
    """A management command of a tree, running from now on, in `folder` or in the tree."""

    def __init__(
        self, tree: Path, arguments: list[str], variables: dict[str, str], folder: Path | None = None
    ):
        self.tree = tree
        output, errors = self.files = text_file(), text_file()
        self.process = processes.start(
            [str(manage_py(tree)), *arguments],
            cwd=folder or tree,
            env=variables,
            output=output,
            errors=errors,
        )
        self.process.stdin.close()

    def printed(self, headline: str) -> str:
        """What it printed, once it has ended; its failure becomes a sentence that begins with the headline."""
        failed = self.process.wait()
        printed, said = map(read_and_close, self.files)
        if failed:
            raise WorkshopError(explain(said, self.tree, headline))
        return printed


def text_file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")


def read_and_close(file: IO[str]) -> str:
    with file:
        file.seek(0)
        return file.read()


def environment(tree: Path, database: Path, **more: str) -> dict[str, str]:
    """A development server's environment: this database, nothing else of ours or of the caller's Django.

    Bytecode is written for the server as it comes, and not for trees: a file edited twice within one
    second to the same length would leave stale bytecode behind, and the learner's edit would not run.
    """
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "JWT_", "TOKEN_LAB", "PYTEST"))
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
