"""The token families of step 08 under four workers, on SQLite and on PostgreSQL; and lifted into a plain project."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import requests

from testkit import databases, postgresql, servers
from testkit.machine import need
from workshop.display.race import Race
from workshop.expect import answer
from workshop.learner import manifest, tree
from workshop.servers import manage, template

STEP = manifest.find("08_reuse_detection")
STOCK = "rotation_and_blacklist_are_enough"
LOGIN = {"username": "ada", "password": "test"}
DATABASES = ["sqlite", "postgresql"]
OUT = [(401, "Token family is revoked"), (401, "Token was used before: its family is revoked")]
IN_TRANSACTIONS = """
from hardening.settings import *
DATABASES["default"]["ATOMIC_REQUESTS"] = True
"""
no_gunicorn_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no gunicorn")


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


def gunicorn(place, address, workers=4, grace=60, **more):
    """A tree in several processes that share nothing but the database; the grace period in seconds."""
    command = servers.watched(
        "SIGTERM", [*servers.GUNICORN, "--workers", str(workers), "--chdir", str(place)]
    )
    variables = {"DATABASE_URL": address, "TOKEN_FAMILY_GRACE_SECONDS": str(grace)}
    return servers.running(command, stderr=subprocess.STDOUT, **(variables | more))


def log_in(url):
    return post(url, "/api/token/", LOGIN).json()["refresh"]


def refresh(url, token):
    return post(url, "/api/token/refresh/", {"refresh": token})


def post(url, path, body):
    return requests.post(f"{url}{path}", json=body, timeout=100)


def race(url):
    return Race(parallel=20, rounds=10).run(partial(log_in, url), partial(refresh, url))


def theft(url):
    """What the first and the second user of one refresh token hold in the end: their last responses."""
    stolen = log_in(url)
    newest = refresh(url, stolen).json()["refresh"]
    second = refresh(url, stolen)
    return [answer(refresh(url, newest)), answer(second)]


def sessions_after_log_out(url):
    """How many of twenty sessions go on after a refresh and a log-out at the same moment."""

    def goes_on():
        token = log_in(url)
        with ThreadPoolExecutor(2) as pool:
            refreshed = pool.submit(refresh, url, token)
            pool.submit(post, url, "/api/token/blacklist/", {"refresh": token})
        successor = refreshed.result().json().get("refresh")
        return bool(successor) and refresh(url, successor).ok

    return sum(goes_on() for _ in range(20))


@no_gunicorn_on_windows
@pytest.mark.parametrize("database", DATABASES, indirect=True)
def test_four_workers_agree_on_races_and_thefts(database, tmp_path):
    place = tree.answer(tmp_path / "tree", STEP)
    address = database(place)
    with gunicorn(place, address) as server:
        raced = race(server.url)
        assert (set(raced.accepted), set(raced.refusals)) == ({1}, {401})
        assert sessions_after_log_out(server.url) == 0
    with gunicorn(place, address, grace=0) as server:
        assert theft(server.url) == OUT


@no_gunicorn_on_windows
def test_four_workers_of_step_07_accept_several_and_log_nobody_out(tmp_path):
    place = tree.wrong(tmp_path / "tree", STEP, STOCK)
    address = databases.sqlite(template.copy_to(tmp_path / "shop.sqlite3", place))
    with gunicorn(place, address) as server:
        assert race(server.url).most > 1
        assert sessions_after_log_out(server.url) > 0


@no_gunicorn_on_windows
@pytest.mark.parametrize(
    ("stays_out", "end"),
    [(True, OUT), (False, [(200, None), OUT[1]])],
    ids=["views that stay out of it", "views that are part of it"],
)
def test_a_revocation_outlives_the_transaction_of_its_request(tmp_path, stays_out, end):
    place = tree.answer(tmp_path / "tree", STEP)
    if not stays_out:
        views = place / "token_families" / "views.py"
        views.write_text(views.read_text().replace("@keeps_revocations\n", ""))
    (place / "atomic.py").write_text(IN_TRANSACTIONS)
    address = databases.sqlite(template.copy_to(tmp_path / "shop.sqlite3", place))
    with gunicorn(place, address, 1, grace=0, DJANGO_SETTINGS_MODULE="atomic") as server:
        assert theft(server.url) == end


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
