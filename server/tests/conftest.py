"""What the server's tests share: people and their tokens in this process, and real servers in their own."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

SERVER = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
CONFIGURES_THE_SERVER = ("DJANGO_", "JWT_", "TOKEN_LAB", "DATABASE_URL", "SHOP_URL")
IN_CLASS = {"DJANGO_DEBUG": "0", "TOKEN_LAB": "1"}
SEED = "import django; django.setup(); from django.core.management import call_command as c; "
SEED += "c('migrate', verbosity=0); c('populate_db')"


def without_configuration(**variables):
    """This process's environment with nothing in it that configures the server, and then `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(CONFIGURES_THE_SERVER)}
    return kept | variables


def start(command, *, stderr=subprocess.DEVNULL, **variables):
    """A process in the server's folder. Its input is a pipe that ends when this process does."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": stderr, "text": True}
    return subprocess.Popen(command, cwd=SERVER, env=without_configuration(**variables), **pipes)


def read_address(process):
    """The server's address without the last slash, as it prints it when it is ready."""
    for line in process.stdout:
        if "http://" in line:
            return line.split()[-1].rstrip("/")
    return pytest.fail("the server ended before it printed its address")


@pytest.fixture(autouse=True)
def _without_token_lab(settings):
    """As pytest-django turns DEBUG off. What the lab records is tested where a test turns it on."""
    settings.TOKEN_LAB = False


@pytest.fixture
def environment():
    return without_configuration


@pytest.fixture
def process():
    return start


@pytest.fixture
def address():
    return read_address


@pytest.fixture(scope="session")
def need():
    """Skip with this sentence what the machine lacks; on CI, where nothing may be lacking, fail with it."""

    def check(found, sentence):
        if not found:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
        return found

    return check


@pytest.fixture(scope="module")
def browser(need):
    """A real Chromium or Chrome."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    need(found, "No Chromium or Chrome is on PATH. On Debian, `apt-get install chromium` installs one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def client():
    return APIClient()


@pytest.fixture
def people(db, django_user_model):
    """ada, grace and admin by name. They have no password: hashing three would slow every test."""
    users = {name: django_user_model.objects.create_user(name) for name in ("ada", "grace")}
    return users | {"admin": django_user_model.objects.create_superuser("admin")}


@pytest.fixture
def bearer(people):
    """The header that shows an access token of the named person; nobody has none."""

    def header(name):
        return {} if name == "nobody" else {"Authorization": f"Bearer {AccessToken.for_user(people[name])}"}

    return header


def run_python(*arguments, **variables):
    """A finished Python process in the server's folder, with these variables."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=SERVER,
        env=without_configuration(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def manage():
    """Run manage.py in a process of its own, with these variables."""
    return partial(run_python, "manage.py")


@pytest.fixture
def output_of():
    """What a program prints that runs in a process of its own, with these variables. It must end well."""

    def run(program, **variables):
        run = run_python("-c", program, **variables)
        assert run.returncode == 0, run.stderr
        return run.stdout

    return run


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """The address of a migrated, seeded SQLite file."""
    url = f"sqlite:///{quote((tmp_path_factory.mktemp('seeded') / 'db.sqlite3').as_posix())}"
    variables = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hardening.settings"}
    with start([sys.executable, "-c", SEED], **variables) as seeding:
        seeding.communicate(timeout=60)
    assert seeding.returncode == 0
    return url


@contextmanager
def running(log, *options, **variables):
    """A real runserver on a free port, ended when the block ends: its `url` and its `log`."""
    command = [sys.executable, "manage.py", "runserver", "--stop-with-parent", *options, "127.0.0.1:0"]
    with log.open("w") as errors, start(command, stderr=errors, **variables) as server:
        try:
            yield SimpleNamespace(url=read_address(server), log=log)
            server.stdin.close()
            server.wait(timeout=5)
        finally:
            server.kill()


@pytest.fixture(scope="session")
def shop(seeded, tmp_path_factory):
    """One server for the tests that only read."""
    with running(tmp_path_factory.mktemp("shop") / "log", "--noreload", DATABASE_URL=seeded) as server:
        yield server


@pytest.fixture
def serve(tmp_path, seeded):
    """Start a server of one's own: `with serve() as server`."""

    def run(**variables):
        return running(tmp_path / "log", "--noreload", **({"DATABASE_URL": seeded} | variables))

    return run


@contextmanager
def class_running(seeded, log):
    """The server of `make class`, until its input ends: its `url`, its `process` and its `log`."""
    if sys.platform == "win32":
        pytest.skip("Windows has waitress")
    options = ["--bind", "127.0.0.1", "--port", "0", "--stop-with-parent"]
    command = [sys.executable, "manage.py", "serve_class", *options]
    with log.open("w") as errors, start(command, stderr=errors, DATABASE_URL=seeded, **IN_CLASS) as process:
        yield SimpleNamespace(url=read_address(process), process=process, log=log)
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def class_server(seeded, tmp_path_factory):
    """One for all tests that leave it as it is."""
    with class_running(seeded, tmp_path_factory.mktemp("class") / "log") as server:
        yield server


@pytest.fixture
def own_class_server(seeded, tmp_path):
    with class_running(seeded, tmp_path / "log") as server:
        yield server
