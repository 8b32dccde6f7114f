"""`make lab`: JupyterLab on the clone, with all it keeps inside the clone and nothing asked of the network."""

import json
import os
import sys
from pathlib import Path

from .. import paths
from . import installation, my_notebooks
from .become import become

HOME = paths.SCRATCH / "jupyter"
STARTUP = Path(__file__).with_name("kernel_startup.py")

SETTINGS = {
    # JupyterLab asks its makers' site for news and updates unless it must not.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # A link to a lesson opens the lesson to read, not its source.
    "docmanager-extension/plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
}


def open_lab(arguments: list[str]) -> None:
    """Become JupyterLab, with further arguments of its own."""
    write_settings()
    for kept in my_notebooks.copy_all():
        print(f"There is a new version of {kept.name}. Yours is kept: {paths.shown(kept)}")
    become([*command(), *arguments], folder=paths.ROOT, environment=environment())


def command() -> list[str]:
    """JupyterLab at the top of the clone: lessons and `work/` are within reach, `make hint` works in a terminal."""
    place = my_notebooks.to_open()
    root = paths.ROOT if place.is_relative_to(paths.ROOT) else paths.WORK
    front = f"/lab/tree/{place.relative_to(root).as_posix()}"
    places = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url={front}"]
    return [sys.executable, "-m", "jupyterlab", *places, *as_root()]


def how_to_open() -> str:
    """The ways to the notebooks, for one whose packages are installed: `make lab`, an editor, another Jupyter."""
    python = installation.shown_python()
    return (
        "All that the notebooks need is installed. Open them with: make lab\n"
        f"In VS Code, open a notebook and choose this kernel:  {python}\n"
        "For a Jupyter of your own, make the kernel known to it, once:\n"
        f"  {python} -m ipykernel install --user --name jwt-workshop --display-name 'JWT workshop'"
    )


def write_settings() -> None:
    """Our settings of JupyterLab, each where the learner has none of their own."""
    for name, settings in SETTINGS.items():
        file = HOME / "lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(settings), encoding="utf-8")


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
