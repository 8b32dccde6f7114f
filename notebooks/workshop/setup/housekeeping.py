"""`clean`: remove what can be made again. Standard library only: it removes the environment too."""

import shutil

from ..paths import CLASS, ROOT, SCRATCH, SERVER, elsewhere, shown
from .installation import VENV

CACHES = ("__pycache__", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints")


def clean() -> int:
    """Remove the environment, caches, templates and the server's own database; never `work/`, never a class."""
    if elsewhere():
        print(elsewhere())
        shutil.rmtree(SCRATCH, ignore_errors=True)
        return 0
    caches = [path for name in CACHES for top in (ROOT, *sources()) for path in top.glob(name)]
    ours = [path for path in SCRATCH.glob("*") if path != CLASS]
    for path in [VENV, *ours, ROOT / "node_modules", *caches]:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        print(f"Removed {shown(path)}")
    for path in SERVER.glob("*.sqlite3*"):
        path.unlink()
        print(f"Removed {shown(path)}")
    print("Your copy in work/ was not touched.")
    if CLASS.exists():
        print(f"The accounts of make class were not touched: {shown(CLASS)}/")
    return 0


def sources():
    """Every folder of ours: not the learner's copy, not the dot folders."""
    tops = [ROOT / name for name in ("notebooks", "server", "solutions", "lessons")]
    return [folder for top in tops for folder in (top, *(path for path in top.rglob("*") if path.is_dir()))]
