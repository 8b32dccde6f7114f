"""Failed logins are counted, right ones never, and nobody can lock another out."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
import requests
from django.contrib.auth import hashers
from django.db import DatabaseError, connection

from hardening import throttling
from hardening.models import FailedLogin

OBTAIN = "/api/token/"
RIGHT = {"username": "ada", "password": "test"}
WRONG = {"username": "ada", "password": "wrong"}


@pytest.fixture
def ada(django_user_model, db):
    return django_user_model.objects.create_user("ada", password="test")


@pytest.fixture
def few(monkeypatch):
    """Fewer failures are needed, so that the tests hash less."""
    monkeypatch.setattr(throttling, "LIMIT", 3)
    monkeypatch.setattr(throttling, "STRICT_LIMIT", 1)
    monkeypatch.setattr(throttling, "FEWEST_AT_ADDRESS", 6)


def assert_throttled(response):
    assert response.status_code == 429
    wait = int(response["Retry-After"])
    assert 1 <= wait <= throttling.WINDOW.total_seconds()
    assert response.json() == {
        "detail": f"Too many failed logins. Try again in {wait} seconds.",
        "code": "too_many_failed_logins",
    }


def fail(client, count, username="ada", **extra):
    for _ in range(count):
        login = {"username": username, "password": "wrong"}
        assert client.post(OBTAIN, login, **extra).status_code == 401


def test_after_too_many_failures_even_the_right_password_is_refused(client, ada, few):
    fail(client, 3)
    assert_throttled(client.post(OBTAIN, WRONG))
    assert_throttled(client.post(OBTAIN, RIGHT))


def test_an_account_that_does_not_exist_is_throttled_alike(client, ada, few):
    fail(client, 3, username="nobody")
    assert_throttled(client.post(OBTAIN, WRONG | {"username": "nobody"}))


def test_an_address_that_tries_many_accounts_gets_fewer_tries_for_each(client, ada, few):
    for number in range(5):
        fail(client, 1, username=f"user{number}")
    fail(client, 1)
    assert_throttled(client.post(OBTAIN, RIGHT))
    assert client.post(OBTAIN, RIGHT, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_a_class_behind_one_address_is_not_locked_out_by_a_neighbour_who_tries_many_accounts(
    client, ada, few
):
    for number in range(8):
        fail(client, 1, username=f"user{number}")
    assert client.post(OBTAIN, RIGHT).status_code == 200


def test_what_an_address_may_fail_grows_with_the_number_of_accounts(client, ada, few, django_user_model):
    django_user_model.objects.bulk_create(django_user_model(username=f"student{n}") for n in range(7))
    for number in range(6):
        fail(client, 1, username=f"student{number}")
    fail(client, 1)
    assert client.post(OBTAIN, RIGHT).status_code == 200  # seven failures, with eight accounts
    fail(client, 1)
    assert_throttled(client.post(OBTAIN, RIGHT))


def test_the_limits_are_those_that_the_readme_names():
    assert (throttling.LIMIT, throttling.STRICT_LIMIT, throttling.FEWEST_AT_ADDRESS) == (10, 3, 100)


@pytest.mark.parametrize("forged", ["1.2.3.{n}", "1.2.3.{n}, 127.0.0.1", "{n}"])
def test_a_forged_forwarding_header_changes_nothing(client, ada, few, forged):
    for n in range(3):
        fail(client, 1, HTTP_X_FORWARDED_FOR=forged.format(n=n))
    assert_throttled(client.post(OBTAIN, RIGHT, HTTP_X_FORWARDED_FOR=forged.format(n=9)))


def test_behind_a_proxy_that_is_counted_the_forwarded_address_is_believed(client, ada, few, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    fail(client, 3, HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.5")
    assert_throttled(client.post(OBTAIN, RIGHT, HTTP_X_FORWARDED_FOR="8.8.8.8, 203.0.113.5"))
    assert client.post(OBTAIN, RIGHT, HTTP_X_FORWARDED_FOR="9.9.9.9, 198.51.100.7").status_code == 200


@pytest.mark.parametrize("page", [OBTAIN, "/admin/login/"])
def test_the_rollback_of_atomic_requests_forgets_no_failure(client, ada, few, monkeypatch, page):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    for _ in range(3):
        client.post(page, WRONG)
    assert_throttled(client.post(page, RIGHT))


def test_a_failure_that_cannot_be_counted_is_still_a_401(client, ada, monkeypatch, caplog):
    def locked(**values):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(FailedLogin.objects, "create", locked)
    fail(client, 1)
    assert "A failed login was not counted: DatabaseError." in caplog.messages


@pytest.mark.parametrize("username", ["a\0", "\ud800", "a" * 1_000_000, "é", "'; --"])
def test_any_username_can_be_counted(rf, db, username):
    throttling.count_failure(rf.post(OBTAIN), username)
    assert throttling.seconds_to_wait(rf.post(OBTAIN), username) == 0
    assert not FailedLogin.objects.filter(account__contains="a" * 65).exists()


def test_failures_that_count_no_more_are_deleted(client, ada, monkeypatch):
    fail(client, 2)
    put_the_clock_on(monkeypatch, 61)
    fail(client, 1, username="grace")
    assert FailedLogin.objects.count() == 1


def test_a_stranger_cannot_lock_the_owner_out(client, ada, few):
    fail(client, 3, REMOTE_ADDR="203.0.113.5")
    assert_throttled(client.post(OBTAIN, RIGHT, REMOTE_ADDR="203.0.113.5"))
    assert client.post(OBTAIN, RIGHT, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_a_class_behind_one_address_is_not_slowed_down_by_one_who_forgot(client, ada, few, django_user_model):
    django_user_model.objects.create_user("grace", password="test")
    fail(client, 3)
    assert client.post(OBTAIN, RIGHT | {"username": "grace"}).status_code == 200


def test_right_logins_are_never_counted(client, ada, few):
    assert [client.post(OBTAIN, RIGHT).status_code for _ in range(8)] == [200] * 8


def test_a_minute_later_the_account_is_free_again(client, ada, few, monkeypatch):
    fail(client, 3)
    wait = int(client.post(OBTAIN, RIGHT)["Retry-After"])
    put_the_clock_on(monkeypatch, wait - 5)
    assert_throttled(client.post(OBTAIN, RIGHT))
    put_the_clock_on(monkeypatch, 6)
    assert client.post(OBTAIN, RIGHT).status_code == 200


def put_the_clock_on(monkeypatch, seconds):
    """For the throttle, so that nobody has to wait."""
    now = throttling.timezone.now
    monkeypatch.setattr(throttling.timezone, "now", lambda: now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("page", ["/admin/login/", "/api-auth/login/"])
def test_the_pages_with_a_login_form_count_with_it(client, ada, few, page):
    fail(client, 3)
    assert_throttled(client.post(page, RIGHT))


def test_a_refused_attempt_costs_no_hash_and_every_other_one_the_same(client, ada, few, monkeypatch):
    hashed = []
    verify, encode = hashers.get_hasher().verify, hashers.get_hasher().encode
    kind = type(hashers.get_hasher())
    monkeypatch.setattr(kind, "verify", lambda self, *given: hashed.append(1) or verify(*given))
    monkeypatch.setattr(kind, "encode", lambda self, *given: hashed.append(1) or encode(*given))
    counts, bodies = [], []
    for login in (WRONG, WRONG | {"username": "nobody"}):
        hashed.clear()
        bodies.append(client.post(OBTAIN, login).content)
        counts.append(len(hashed))
    assert (counts, bodies[0]) == ([1, 1], bodies[1])
    fail(client, 2)
    hashed.clear()
    assert_throttled(client.post(OBTAIN, WRONG))
    assert hashed == []


@pytest.fixture
def own_database(seeded, tmp_path):
    """A copy, so that its failed logins lock nobody out in another test."""
    copy = shutil.copy(unquote(seeded.removeprefix("sqlite:///")), tmp_path / "db.sqlite3")
    return f"sqlite:///{quote(copy.as_posix())}"


def test_four_workers_count_together(process, own_database):
    """Forty wrong logins at once: after ten failures only those go on that were already on their way."""
    pytest.importorskip("gunicorn", reason="Windows has no gunicorn")
    command = [
        sys.executable,
        "manage.py",
        "serve_class",
        "--bind",
        "127.0.0.1",
        "--port",
        "0",
        "--workers",
        "4",
    ]
    with process(
        [*command, "--stop-with-parent"], DATABASE_URL=own_database, DJANGO_DEBUG="0", TOKEN_LAB="1"
    ) as server:
        url = next(line.split()[-1].rstrip("/") for line in server.stdout if "http://" in line)
        with ThreadPoolExecutor(40) as pool:
            post = lambda _: requests.post(f"{url}{OBTAIN}", json=WRONG, timeout=60).status_code  # noqa: E731
            statuses = list(pool.map(post, range(40)))
        server.stdin.close()
        server.wait(timeout=10)
    assert set(statuses) == {401, 429}
    on_their_way = 4 * 4 - 1  # workers, and threads of each, without the one that failed last
    assert throttling.LIMIT <= statuses.count(401) <= throttling.LIMIT + on_their_way
