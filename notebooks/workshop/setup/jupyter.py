"""`make lab`: JupyterLab on the notebooks, with all it keeps inside the clone and nothing asked of the network."""

import json
import os
import subprocess
import sys
from pathlib import Path

from .. import paths

HOME = paths.SCRATCH / "jupyter"
STARTUP = Path(__file__).with_name("kernel_startup.py")

# JupyterLab asks its makers' site for news and updates unless it is told not to.
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
NEWS_SETTINGS = HOME / "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"


def open_lab(arguments: list[str]) -> int:
    """Run JupyterLab until it is stopped, with further arguments of its own. Gives its exit code."""
    NEWS_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    if not NEWS_SETTINGS.exists():
        NEWS_SETTINGS.write_text(json.dumps(NO_NEWS), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(paths.NOTEBOOKS), *as_root()]
    try:
        return subprocess.run([*command, *arguments], cwd=paths.ROOT, env=environment()).returncode
    except KeyboardInterrupt:
        return 130


def as_root() -> list[str]:
    """In a container everybody is root, and Jupyter wants to hear that this is meant. It listens on 127.0.0.1 only."""
    return ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def environment() -> dict[str, str]:
    """Jupyter's own places, moved into the clone; and our start of every kernel (see kernel_startup.py)."""
    places = {
        "JUPYTER_CONFIG_DIR": HOME,
        "JUPYTER_DATA_DIR": HOME / "data",
        "JUPYTER_RUNTIME_DIR": HOME / "runtime",
        "IPYTHONDIR": HOME / "ipython",
    }
    return os.environ | {name: str(place) for name, place in places.items()} | {"PYTHONSTARTUP": str(STARTUP)}
