"""A real Chromium or Chrome, wherever this machine has it."""

import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from .machine import need

# First the one without windows: the same engine, at three fifths of the processor time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MISSING = (
    "No Chromium or Chrome is on PATH. On Debian, `apt-get install chromium-headless-shell` installs one."
)
PATIENCE = 10_000  # milliseconds for an expectation, on a machine that does other things besides
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def find():
    """The path of the first that is on PATH, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched():
    """A browser that asks nobody for anything by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser():
    """A browser for the tests of a module, which `make test-browser` runs. To be imported where tests use it."""
    need(find(), MISSING)
    expect.set_options(timeout=PATIENCE)  # of the whole process, so it is said in one place
    with launched() as browser:
        yield browser
