"""`make serve`: the learner's copy, or the shop as it comes, on a known port until Ctrl-C."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from .. import paths
from ..errors import WorkshopError
from . import manage, template


def serve(*, port: int, access: float | None, refresh: float | None) -> int:
    """Serve until Ctrl-C, restarting when a file is saved. Gives the server's exit code."""
    refuse_taken(port, "serve")
    tree = paths.WORK if (paths.WORK / "manage.py").exists() else paths.SERVER
    lifetimes = {"JWT_ACCESS_SECONDS": access, "JWT_REFRESH_SECONDS": refresh}
    given = {name: str(value) for name, value in lifetimes.items() if value is not None}
    environment = manage.key_of(tree) | prepare_database(tree) | os.environ | given | {"PORT": str(port)}
    # A mistake in the learner's file is one sentence here; the server would show its whole traceback.
    manage.manage(tree, ["check"], tree / "db.sqlite3")
    what = "your copy, work/" if tree == paths.WORK else "the shop as it comes, server/"
    print(
        f"Serving {what}. Accounts: admin, ada, grace; their password is test.\n"
        f"Token Lab: http://127.0.0.1:{port}/\nCtrl-C ends it.\n",
        flush=True,
    )
    # The server ends when this pipe does: also when this process is killed.
    command = [
        sys.executable,
        str(manage.manage_py(tree)),
        "runserver",
        "--stop-with-parent",
        f"127.0.0.1:{port}",
    ]
    return until_interrupted(command, tree, environment, farewell="Stopped.")


def until_interrupted(
    command: list[str], folder: Path, environment: dict[str, str], *, farewell: str, **options: bool
) -> int:
    """Run a server that ends with its standard input, until Ctrl-C; its exit code."""
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, **options) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            print(f"\n{farewell}")
            return 0


def prepare_database(tree: Path) -> dict[str, str]:
    """A fresh, seeded SQLite file on the first start; another database (DATABASE_URL) is the caller's.

    Gives the variable that names the file, where the tree is read-only and it cannot be in there.
    """
    here = os.access(tree, os.W_OK)
    database = tree / "db.sqlite3" if here else paths.SCRATCH / "serve.sqlite3"
    if "DATABASE_URL" not in os.environ and not database.exists():
        template.copy_to(database, tree)
    return {} if here else {"DATABASE_URL": f"sqlite:///{quote(database.as_posix())}"}


def refuse_taken(port: int, command: str) -> None:
    """A sentence with another port for this command, where a program listens on the one asked for."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise WorkshopError(
                f"Port {port} is taken by another program. Use another: make {command} PORT={port + 1}"
            )
