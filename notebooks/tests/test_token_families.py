"""The token families of step 08 under four workers, on SQLite and on PostgreSQL; and lifted into a plain project."""

import subprocess
import sys

import pytest
import requests

from testkit import databases, postgresql, servers
from testkit.machine import need
from workshop.display.race import Race
from workshop.learner import manifest, tree
from workshop.servers import manage, template

STEP = manifest.find("08_reuse_detection")
STOCK = "rotation_and_blacklist_are_enough"
LOGIN = {"username": "ada", "password": "test"}
DATABASES = ["sqlite", "postgresql"]


@pytest.fixture
def database(request, tmp_path):
    """Makes a migrated, seeded database of that kind for a tree; gives its address."""
    if request.param == "sqlite":
        yield lambda place: databases.sqlite(template.copy_to(tmp_path / "shop.sqlite3", place))
        return
    need(postgresql.is_here(), postgresql.MISSING)
    with postgresql.cluster() as address:
        yield lambda place: seeded(place, address)


def seeded(place, address):
    for command in (["migrate", "--verbosity", "0"], ["populate_db"]):
        manage.run_command(place, command, servers.environment(DATABASE_URL=address))
    return address


def four_workers(place, address):
    """gunicorn on a tree, with four processes that share nothing but the database."""
    command = servers.watched("SIGTERM", [*servers.GUNICORN, "--workers", "4", "--chdir", str(place)])
    grace = {"TOKEN_FAMILY_GRACE_SECONDS": "60"}  # no race depends on the speed of the machine
    return servers.running(command, stderr=subprocess.STDOUT, DATABASE_URL=address, **grace)


def race(url):
    def log_in():
        return requests.post(f"{url}/api/token/", json=LOGIN, timeout=100).json()["refresh"]

    def refresh(token):
        return requests.post(f"{url}/api/token/refresh/", json={"refresh": token}, timeout=100)

    return Race(parallel=20, rounds=10).run(log_in, refresh)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no gunicorn")
@pytest.mark.parametrize("database", DATABASES, indirect=True)
def test_of_twenty_at_four_workers_one_is_accepted(database, tmp_path):
    place = tree.answer(tmp_path / "tree", STEP)
    with four_workers(place, database(place)) as server:
        result = race(server.url)
    assert (set(result.accepted), set(result.refusals)) == ({1}, {401})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no gunicorn")
def test_of_twenty_the_blacklist_accepts_several(tmp_path):
    place = tree.wrong(tmp_path / "tree", STEP, STOCK)
    address = databases.sqlite(template.copy_to(tmp_path / "shop.sqlite3", place))
    with four_workers(place, address) as server:
        assert race(server.url).most > 1


@pytest.fixture
def plain_project(tmp_path):
    """A project of `startproject` alone, with the app lifted into it as its README says."""
    project = tmp_path / "shop"
    django(tmp_path, "startproject", "shop")
    tree.lay(STEP.folder / "given" / "token_families", project / "token_families")
    tree.lay(STEP.folder / "answer" / "token_families", project / "token_families")
    settings = project / "shop" / "settings.py"
    settings.write_text(settings.read_text() + SETTINGS)
    (project / "shop" / "urls.py").write_text(URLS)
    return project


def django(folder, *arguments):
    """A finished command of Django in that folder."""
    command = [sys.executable, "-m", "django", *arguments]
    if (folder / "manage.py").exists():
        command = [sys.executable, "manage.py", *arguments]
    variables = servers.environment()
    variables.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, timeout=100, check=True
    )


README = (STEP.folder / "given" / "token_families" / "README.md").read_text(encoding="utf-8")
CODE = [block.split("```")[0] for block in README.split("```python\n")[1:]]


def outdented(block):
    return "\n".join(line.removeprefix("   ") for line in block.splitlines())


SETTINGS = "\nfrom datetime import timedelta\n" + outdented(CODE[0])
URLS = "from django.urls import path\n\nurlpatterns = []\n" + outdented(CODE[1])


def test_the_app_can_be_lifted_into_a_plain_project(plain_project):
    django(plain_project, "migrate", "--verbosity", "0")
    tested = django(plain_project, "test", "token_families")
    assert "Ran 8 tests" in tested.stderr and "OK" in tested.stderr
    assert "Deleted 0 spent tokens and 0 families." in django(plain_project, "flush_token_families").stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"ROTATE_REFRESH_TOKENS": True', '"ROTATE_REFRESH_TOKENS": False', "token_families.E001"),
        ('"BLACKLIST_AFTER_ROTATION": False', '"BLACKLIST_AFTER_ROTATION": True', "token_families.E002"),
    ],
)
def test_a_setting_that_makes_families_useless_stops_the_start(plain_project, old, new, said):
    settings = plain_project / "shop" / "settings.py"
    assert old in settings.read_text()
    settings.write_text(settings.read_text().replace(old, new))
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        django(plain_project, "migrate")
    assert said in stopped.value.stderr


def test_sqlite_in_its_default_mode_is_named(plain_project):
    assert "token_families.W001" in django(plain_project, "check", "--database", "default").stderr


def test_the_app_does_not_need_the_workshop():
    for path in (STEP.folder / "given" / "token_families").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        assert not any(word in code for word in ("hardening", "drf_course", "workshop", "api.")), path
