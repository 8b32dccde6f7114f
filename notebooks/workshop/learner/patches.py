"""A wrong answer is stored as its difference from the answer: a unified diff, applied by git."""

import os
import shutil
import subprocess
from pathlib import Path

from .. import paths
from ..errors import WorkshopError


def apply(patch: Path, tree: Path) -> None:
    """Change the files of the tree as the patch says. A `WorkshopError` names the patch and the line that is in its way."""
    if prepared(patch).exists():
        shutil.copytree(prepared(patch), tree, dirs_exist_ok=True)
        return
    command = ["git", "apply", "--whitespace=nowarn", str(patch.resolve())]
    # Outside any repository: in a clone, git would look for the files at the clone's top.
    alone = os.environ | {"GIT_CEILING_DIRECTORIES": str(tree.resolve().parent), "LC_ALL": "C"}
    run = subprocess.run(command, cwd=tree, env=alone, capture_output=True, text=True)
    if run.returncode:
        said = run.stderr.strip().removeprefix("error: ").splitlines()[0]
        raise WorkshopError(
            f"{paths.shown(patch)} no longer fits the answer of its step ({said}). "
            "Make it again from the answer as it is now."
        )


def prepared(patch: Path) -> Path:
    """Where a tab, which has no git, has the files as they are after the patch."""
    return patch.with_name(f"{patch.name}.files")
