"""Build a tree: the server's files, a folder `client/`, and the layers of the steps over them."""

import os
import shutil
import stat
from pathlib import Path

from .. import paths
from . import patches
from .manifest import Step, before

# What a learner may change. The rest of server/ is imported from the clone (installation.py puts it on the path).
LEARNERS = ("manage.py", "drf_course", "api")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.sqlite3*", "staticfiles", ".*_cache")


def shop(destination: Path) -> Path:
    """The server as it comes, with no step's layer on it."""
    destination.mkdir(parents=True, exist_ok=True)
    for name in LEARNERS:
        source = paths.SERVER / name
        copy = shutil.copy2 if source.is_file() else lay
        copy(source, destination / name)
    if not os.access(paths.SERVER, os.W_OK):
        make_writable(destination)
    return destination


def before_answer(destination: Path, step: Step) -> Path:
    """The tree as it was before the step: without its stubs, with the files it gives. Diffs are taken from here."""
    shop(destination)
    for earlier in before(step):
        give(earlier, destination)
        lay(earlier.folder / "answer", destination)
    return give(step, destination)


def give(step: Step, destination: Path) -> Path:
    """Lay what the step gives ready-made over the tree: whole files, and a patch where files change."""
    lay(step.folder / "given", destination)
    if step.given_patch.exists():
        patches.apply(step.given_patch, destination)
    return destination


def starter(destination: Path, step: Step) -> Path:
    """The tree a learner begins the step with: the answers before it, and this step's stubs."""
    before_answer(destination, step)
    (destination / "client").mkdir(exist_ok=True)
    return lay(step.folder / "start", destination)


def answer(destination: Path, step: Step) -> Path:
    """The tree with the step solved."""
    lay(step.folder / "answer", starter(destination, step))
    for path in step.removes:
        (destination / path).unlink()
    return destination


def wrong(destination: Path, step: Step, name: str) -> Path:
    """The tree solved in the wrong way of that name."""
    return variant(destination, step, f"wrong/{name}")


def right(destination: Path, step: Step, name: str) -> Path:
    """The tree solved in another right way, of that name."""
    return variant(destination, step, f"right/{name}")


def variant(destination: Path, step: Step, name: str) -> Path:
    """The answer, or the variant that this one is a change of, changed by its patch, by the files of its folder, or by both."""
    base = step.base(name)
    variant(destination, step, base) if base else answer(destination, step)
    patch = step.folder / f"{name}.patch"
    if patch.exists():
        patches.apply(patch, destination)
    return lay(step.folder / name, destination)


def lay(layer: Path, destination: Path) -> Path:
    """Copy a layer's files over the tree; a layer that does not exist changes nothing."""
    if layer.is_dir():
        shutil.copytree(layer, destination, ignore=LEFT_OUT, dirs_exist_ok=True)
        # It is new: with the age of its layer, `forget_old` would remove it under a running server.
        os.utime(destination)
        if not os.access(layer, os.W_OK):
            make_writable(destination)
    return destination


def make_writable(tree: Path) -> None:
    """Let the learner edit what was copied from a read-only clone: a copy is as read-only as its source."""
    for path in (tree, *tree.rglob("*")):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
