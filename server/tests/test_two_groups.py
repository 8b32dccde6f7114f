"""Two groups of gunicorn workers, as on two machines: they share PostgreSQL and the key in their environment, no more."""

import secrets
import subprocess
import sys
from contextlib import ExitStack

import pytest
import requests

from testkit import postgresql as programs
from testkit import servers
from testkit.machine import need

KEY = secrets.token_urlsafe(64)
ADMIN = {"username": "admin", "password": "test"}
THROUGH_HTTPS = {"X-Forwarded-Proto": "https"}  # as the proxy in front says
WRONG_LOGINS = 10
PATIENCE = 60  # seconds: gunicorn names its address before its workers have read the shop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn needs fork")


@pytest.fixture(scope="module")
def database():
    """A PostgreSQL of these tests' own, made ready with the commands of the instructor guide."""
    need(programs.is_here(), programs.MISSING)
    with programs.cluster() as address:
        account = {f"DJANGO_SUPERUSER_{name.upper()}": value for name, value in ADMIN.items()}
        account["DJANGO_SUPERUSER_EMAIL"] = "admin@shop.example"
        for command in (["migrate"], ["createsuperuser", "--noinput"]):
            done = servers.run(["manage.py", *command], **production(address, KEY), **account)
            assert done.returncode == 0, done.stderr
        yield address


def production(database, key):
    return {"DJANGO_DEBUG": "0", "DJANGO_SECRET_KEY": key, "DATABASE_URL": database}


@pytest.fixture(scope="module")
def group(database):
    """Start one more group with this key: in production, two workers. Gives a function that asks it."""
    with ExitStack() as stack:

        def start(key):
            command = servers.watched("SIGTERM", [*servers.GUNICORN, "--workers", "2"])
            running = servers.running(
                command,
                stderr=subprocess.STDOUT,
                DJANGO_SETTINGS_MODULE=servers.OURS,
                **production(database, key),
            )
            url = stack.enter_context(running).url

            def ask(method, path, access="", **options):
                headers = THROUGH_HTTPS | ({"Authorization": f"Bearer {access}"} if access else {})
                return requests.request(method, f"{url}{path}", headers=headers, timeout=PATIENCE, **options)

            return ask

        yield start


@pytest.fixture(scope="module")
def first(group):
    """A group with this key."""
    return group(KEY)


@pytest.fixture(scope="module")
def second(group):
    """One more group with the same key."""
    return group(KEY)


def test_a_group_with_a_key_of_its_own_rejects_the_tokens_of_the_other(first, group):
    other = group(secrets.token_urlsafe(64))
    access = first("POST", "/api/token/", json=ADMIN).json()["access"]
    refused = other("GET", "/user-orders/", access)
    assert (refused.status_code, refused.json()["messages"][0]["message"]) == (401, "Token is invalid")
    assert first("GET", "/user-orders/", access).status_code == 200


def test_groups_with_one_key_are_one_shop(first, second):
    pair = first("POST", "/api/token/", json=ADMIN).json()
    assert second("GET", "/user-orders/", pair["access"]).status_code == 200
    assert second("POST", "/api/token/refresh/", json={"refresh": pair["refresh"]}).status_code == 200
    lamp = {"name": "Lamp", "price": "9.90", "stock": 1}
    added = first("POST", "/products/", pair["access"], json=lamp)
    assert added.status_code == 201
    assert second("GET", f"/products/{added.json()['id']}/").json()["name"] == "Lamp"


def test_failed_logins_are_counted_across_groups(first, second):
    wrong = {"username": "ada", "password": "wrong"}
    for number in range(WRONG_LOGINS):
        asked = (first, second)[number % 2]
        assert asked("POST", "/api/token/", json=wrong).status_code == 401
    locked = second("POST", "/api/token/", json=wrong)
    assert (locked.status_code, int(locked.headers["Retry-After"]) > 0) == (429, True)
    assert first("POST", "/api/token/", json=ADMIN).status_code == 200
