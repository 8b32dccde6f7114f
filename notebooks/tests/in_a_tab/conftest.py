"""What the tests of the built site share: the site, a plain server of files, and a browser that notes whom it asks."""

import functools
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from testkit import browsers
from workshop import paths
from workshop.authoring.site.try_it import build_try

SLOW = 60_000  # milliseconds: a tab compiles Python first, on a machine that does other things besides


class Files(SimpleHTTPRequestHandler):
    """As `python -m http.server` serves a folder, but silent."""

    def log_message(self, *_arguments):
        pass


@pytest.fixture(scope="session")
def need():
    """Skip a test with this sentence where the machine lacks something; on CI, fail with it."""

    def check(found, sentence):
        if not found:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)

    return check


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
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(need):
    need(browsers.find(), browsers.MISSING)
    with browsers.launched() as browser:
        yield browser


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
