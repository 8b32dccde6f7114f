"""A Chromium or Chrome of this machine. Standard library only."""

import shutil
import subprocess
import tempfile

from ..errors import WorkshopError

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
)
MISSING = (
    "No Chromium or Chrome is on PATH. On Debian, `apt-get install chromium-headless-shell` installs one."
)
# The address is always one of this machine. The budget is in milliseconds of a clock that waits while a request is on its way.
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
BUDGET = "--virtual-time-budget=5000"


def find() -> str | None:
    """The path of the first that is on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def visit(url: str, *, seconds: float = 60) -> str:
    """Open a page in a browser that remembers nothing, until its scripts have no request left. Gives what it shows (HTML)."""
    with tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True) as profile:
        command = [str(find()), *QUIET, BUDGET, f"--user-data-dir={profile}", "--dump-dom", url]
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True).stdout
        except subprocess.SubprocessError as error:
            raise WorkshopError(
                f"The browser {command[0]} did not show a page. It ended with: {type(error).__name__}. Open a page "
                "with it by hand to see why."
            ) from None
