"""`clean`: remove what can be made again. Standard library only: it removes the environment too."""

import shutil

from ..paths import ROOT, SCRATCH, SERVER, shown
from .installation import VENV

CACHES = ("__pycache__", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints")


def clean() -> int:
    """Remove the environment, caches, templates and the server's own database; never `work/`."""
    caches = [path for name in CACHES for top in (ROOT, *sources()) for path in top.glob(name)]
    for path in [VENV, SCRATCH, ROOT / "node_modules", *caches]:
        if path.exists():
            shutil.rmtree(path)
            print(f"Removed {shown(path)}/")
    for path in SERVER.glob("*.sqlite3*"):
        path.unlink()
        print(f"Removed {shown(path)}")
    print("Your copy in work/ was not touched.")
    return 0


def sources():
    """Every folder of ours: not the learner's copy, not the dot folders."""
    tops = [ROOT / name for name in ("notebooks", "server", "solutions", "lessons")]
    return [folder for top in tops for folder in (top, *(path for path in top.rglob("*") if path.is_dir()))]
