"""Become another program. Standard library only: it runs before anything is installed."""

import os
import subprocess
import sys
from pathlib import Path


def become(command: list[str], *, folder: Path, environment: dict[str, str] | None = None) -> None:
    """Replace this process by the command, so that who ends this one ends that one; on Windows, run it and end with its exit code."""
    os.chdir(folder)
    variables = environment or dict(os.environ)
    if os.name != "nt":
        sys.stdout.flush()
        os.execve(command[0], command, variables)  # noqa: S606
    try:
        sys.exit(subprocess.run(command, env=variables).returncode)
    except KeyboardInterrupt:
        sys.exit(130)
