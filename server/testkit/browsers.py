"""A real Chromium or Chrome, wherever this machine has it."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def find():
    """The path of the first that is on PATH, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
