"""Where a learner reads a file: in the clone, or in a browser's tab the page that the site around it has of the file."""

from pathlib import Path

from .. import paths
from ..servers.transport import IN_TAB
from .manifest import Step


def place(file: Path) -> str:
    """Its path in the clone; in a tab the whole address of its page, of which Jupyter makes a link."""
    return address(file) if IN_TAB else paths.shown(file)


def address(file: Path) -> str:
    from tab.channel import site  # a tab alone has it

    name = paths.shown(file).removesuffix("README.md").removesuffix(".md").rstrip("/")
    return f"{site()}/{name}/"


def solved(step: Step) -> str:
    """Where the notebooks of a step are shown as they come out when solved."""
    return " ".join(map(place, step.solved_notebooks.values()))
