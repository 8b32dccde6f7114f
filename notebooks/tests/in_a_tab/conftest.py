"""What the tests of the built site share: the site, a plain server of files, and a browser that notes whom it asks."""

import shutil
from pathlib import Path

import pytest

from testkit import browsers, files, machine
from workshop import paths
from workshop.authoring.site.try_it import build_try

browser = browsers.browser
SLOW = 60_000  # milliseconds: a tab compiles Python first, on a machine that does other things besides


@pytest.fixture(scope="session")
def need():
    return machine.need


@pytest.fixture(scope="session")
def site(need, tmp_path_factory) -> Path:
    """A folder for what the tests build, inside it `try/`."""
    need(shutil.which("node"), "Node.js is not installed, and it compiles the tab's Python.")
    need((paths.ROOT / "node_modules/pyodide").exists(), "Pyodide is not installed: run npm ci in the clone.")
    place = tmp_path_factory.mktemp("site")
    build_try(place / "try")
    return place


@pytest.fixture(scope="session")
def address(site):
    """Where a plain server of files serves the site."""
    with files.served(site) as address:
        yield address


@pytest.fixture
def context(browser, address):
    """A browser profile of the test's own. In the end, nobody but the server of files was asked for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(SLOW)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith((f"{address}/", "data:", "blob:"))] == []
