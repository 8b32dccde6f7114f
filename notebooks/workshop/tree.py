"""Build a tree: the server's files, a folder `client/`, and the layers of the steps over them."""

import shutil
from pathlib import Path

from . import paths
from .errors import WorkshopError
from .manifest import Step, before

# What the server folder holds for its own developers, and what is made anew in each tree.
LEFT_OUT = shutil.ignore_patterns(
    "tests", "bench", "fuzz", "__pycache__", "*.sqlite3*", "staticfiles", ".*_cache"
)


def shop(destination: Path) -> Path:
    """The server as it comes, with no step's layer on it."""
    return shutil.copytree(paths.SERVER, destination, ignore=LEFT_OUT, dirs_exist_ok=True)


def before_answer(destination: Path, step: Step) -> Path:
    """The tree as it was before the step: without its stubs. Diffs are taken from here."""
    shop(destination)
    for earlier in before(step):
        lay(earlier.folder / "answer", destination)
    return destination


def starter(destination: Path, step: Step) -> Path:
    """The tree a learner begins the step with: the answers before it, and this step's stubs."""
    before_answer(destination, step)
    (destination / "client").mkdir(exist_ok=True)
    return lay(step.folder / "start", destination)


def answer(destination: Path, step: Step) -> Path:
    """The tree with the step solved."""
    return lay(step.folder / "answer", starter(destination, step))


def wrong(destination: Path, step: Step, name: str) -> Path:
    """The tree solved in the wrong way of that name."""
    return lay(step.folder / "wrong" / name, answer(destination, step))


def lay(layer: Path, destination: Path) -> Path:
    """Copy a layer's files over the tree; a layer that does not exist changes nothing."""
    if layer.is_dir():
        shutil.copytree(layer, destination, ignore=LEFT_OUT, dirs_exist_ok=True)
    return destination


def manage_py(tree: Path) -> Path:
    """The tree's manage.py, or a sentence for a tree that has lost it."""
    path = tree / "manage.py"
    if not path.exists():
        raise WorkshopError(
            f"{paths.shown(tree)}/ has no manage.py, so there is no server to start. "
            "Bring the file back (make reset makes the whole copy anew and keeps yours in work/.history)."
        )
    return path
