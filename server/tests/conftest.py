"""What the server's tests share: people and their tokens in this process, and real servers in their own."""

import sys

import pytest
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from testkit import browsers, databases, machine, servers
from testkit.machine import pytest_collection_modifyitems  # noqa: F401

browser = browsers.browser


@pytest.fixture(autouse=True)
def _without_token_lab(settings):
    """As pytest-django turns DEBUG off. What the lab records is tested where a test turns it on."""
    settings.TOKEN_LAB = False


@pytest.fixture
def environment():
    return servers.environment


@pytest.fixture
def process():
    return servers.start


@pytest.fixture
def address():
    return servers.read_address


@pytest.fixture(scope="session")
def need():
    return machine.need


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
    """The header that presents an access token of the named person; `nobody` has none."""

    def header(name):
        return {} if name == "nobody" else {"Authorization": f"Bearer {AccessToken.for_user(people[name])}"}

    return header


@pytest.fixture
def manage():
    """Run manage.py in a process of its own, with these variables."""

    def run(*arguments, **variables):
        return servers.run(["manage.py", *arguments], **variables)

    return run


@pytest.fixture
def output_of():
    """What a program prints that runs in a process of its own, with these variables. It must end well."""

    def run(program, **variables):
        done = servers.run(["-c", program], **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """The address of a migrated, seeded SQLite file."""
    return databases.seed(databases.sqlite(tmp_path_factory.mktemp("seeded") / "db.sqlite3"))


@pytest.fixture(scope="session")
def shop(seeded, tmp_path_factory):
    """One server for the tests that only read."""
    with servers.runserver(servers.OURS, seeded, log=tmp_path_factory.mktemp("shop") / "log") as server:
        yield server


@pytest.fixture
def serve(tmp_path, seeded):
    """Start a server of one's own: `with serve() as server`."""

    def run(**variables):
        variables = {"DATABASE_URL": seeded} | variables
        return servers.running(servers.OUR_RUNSERVER, log=tmp_path / "log", **variables)

    return run


@pytest.fixture(scope="session")
def class_server(seeded, tmp_path_factory):
    """The server of `make class`, one for all tests that leave it as it is."""
    skip_on_windows()
    with servers.class_server(seeded, log=tmp_path_factory.mktemp("class") / "log") as server:
        yield server


@pytest.fixture
def own_class_server(seeded, tmp_path):
    skip_on_windows()
    with servers.class_server(seeded, log=tmp_path / "log") as server:
        yield server


def skip_on_windows():
    if sys.platform == "win32":
        pytest.skip("Windows has waitress")
