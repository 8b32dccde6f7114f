"""What the Token Lab's tests share: a server with a recorder of its own, its page, axe, and pictures."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import requests
from playwright.sync_api import expect

from testkit import browsers, databases, servers

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
IMAGES = ROOT / "lessons" / "images"
COLOURS = 96  # in a stored picture: a page of flat colours needs no more
# server/ never imports the workshop: a process of its own builds the tree, as it builds a learner's.
BUILD = """
import sys
from pathlib import Path
from workshop.learner import manifest, tree
tree.answer(Path(sys.argv[1]), manifest.find(sys.argv[2]))
"""


@pytest.fixture
def database(seeded, tmp_path):
    """A seeded database of one's own; the recorder's file lies beside it."""
    return copied(seeded, tmp_path)


def copied(seeded, folder):
    copy = folder / "db.sqlite3"
    shutil.copyfile(unquote(seeded.removeprefix("sqlite:///")), copy)
    return f"sqlite:///{quote(copy.as_posix())}"


@pytest.fixture
def lab(serve, database):
    """Start a server of one's own: `with lab(access=3) as server`. Its recorder is empty."""

    def run(access=300, refresh=3600, **variables):
        return serve(DATABASE_URL=database, **lifetimes(access, refresh), **variables)

    return run


def lifetimes(access=300, refresh=3600):
    return {"JWT_ACCESS_SECONDS": str(access), "JWT_REFRESH_SECONDS": str(refresh)}


@pytest.fixture(scope="session")
def shared(seeded, tmp_path_factory):
    """A server and the file of its recorder."""
    folder = tmp_path_factory.mktemp("shared")
    variables = lifetimes() | {"DATABASE_URL": copied(seeded, folder)}
    with servers.running(servers.OUR_RUNSERVER, log=folder / "log", **variables) as server:
        yield server, folder / "db.flight.sqlite3"


@pytest.fixture
def server(shared):
    """The server of `lab()`, one for all tests that leave its people, its settings and its process as they are.

    Its recorder is empty, too.
    """
    server, recorder = shared
    if recorder.exists():
        with closing(sqlite3.connect(recorder)) as ring, ring:
            ring.execute("DELETE FROM flight")
    return server


@pytest.fixture(scope="session")
def answer_of(tmp_path_factory):
    """The answer of a step in a folder, and a migrated, seeded database for it: `answer_of("08_reuse_detection")`."""

    @cache
    def build(step):
        tree = tmp_path_factory.mktemp(step) / "tree"
        template = tree.parent / "template.sqlite3"
        subprocess.run([sys.executable, "-c", BUILD, str(tree), step], check=True, timeout=60)
        run = {
            "cwd": tree,
            "env": servers.environment(DATABASE_URL=databases.sqlite(template)),
            "timeout": 60,
        }
        for command in (["migrate", "--verbosity", "0"], ["populate_db"]):
            subprocess.run([sys.executable, "manage.py", *command], check=True, **run)
        return tree, template

    return build


@pytest.fixture
def log_in():
    """Obtain a token pair with `requests`."""

    def obtain(url, username="ada"):
        login = {"username": username, "password": "test"}
        return requests.post(f"{url}/api/token/", json=login, timeout=5).json()

    return obtain


@pytest.fixture
def open_page(browser):
    """Open the Token Lab of a server in a browser window of its own. In the end no page may have had a fault."""
    contexts, faults = [], []

    def note(message):
        # A refused request is what this page shows; the browser reports each as an error.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def run(server, query="", **options):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 720}} | options))
        context.set_default_timeout(browsers.PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{server.url}/{query}")
        expect(page.locator("#connection")).to_have_attribute("data-state", "open")
        return page

    yield run
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def violations(need):
    """Every rule of axe-core that the page breaks now, with the first element."""
    need(AXE.exists(), "axe-core is not installed. In the repository, `npm ci` installs it.")

    def check(page):
        if page.evaluate("typeof axe === 'undefined'"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found]

    return check


@pytest.fixture
def picture():
    """Store what the page shows as a picture of the lessons, when LAB_SCREENSHOTS is set; else do nothing."""

    def take(page, name, **options):
        if "LAB_SCREENSHOTS" in os.environ:
            from PIL import Image

            IMAGES.mkdir(exist_ok=True)
            shot = Image.open(BytesIO(page.screenshot(**options))).convert("RGB")
            shot.quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)

    return take
