"""The system checks of SIMPLE_JWT: each mistake that simplejwt accepts in silence is named at the start."""

from datetime import timedelta

import pytest
import requests
from rest_framework_simplejwt.settings import DEFAULTS

from hardening import checks

KEY = "0123456789abcdef" * 4  # 64 bytes, as many as HS512 wants
MISTYPED = """
from hardening.settings import *
SIMPLE_JWT = SIMPLE_JWT | {"ACESS_TOKEN_LIFETIME": 5, "SIGNING_KEY": "secret", "LEEWAY": None}
"""


def found(**simple_jwt):
    """The ids of the warnings that these settings earn."""
    return [warning.id for warning in checks.faults({"SIGNING_KEY": KEY} | simple_jwt)]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("ACESS_TOKEN_LIFETIME", "ACCESS_TOKEN_LIFETIME"),
        ("AUDIANCE", "AUDIENCE"),
        ("issuer", "ISSUER"),
        ("ROTATE_REFRESH_TOKEN", "ROTATE_REFRESH_TOKENS"),
    ],
)
def test_an_unknown_name_is_reported_with_the_nearest_that_exists(name, nearest):
    (warning,) = checks.faults({"SIGNING_KEY": KEY, name: None})
    assert (warning.id, warning.hint) == ("hardening.W001", f"Did you mean {nearest}?")
    assert repr(name) in warning.msg


@pytest.mark.parametrize("name", ["BANANA", 7])
def test_a_name_that_is_near_to_none_gets_no_proposal(name):
    (warning,) = checks.faults({"SIGNING_KEY": KEY, name: None})
    assert (warning.id, warning.hint) == ("hardening.W001", "Delete it, or look its name up.")


@pytest.mark.parametrize("value", [300, 0.5, "300", None])
def test_a_lifetime_that_is_no_timedelta_is_reported(value):
    assert found(ACCESS_TOKEN_LIFETIME=value) == ["hardening.W002"]
    assert found(REFRESH_TOKEN_LIFETIME=value) == ["hardening.W002"]


@pytest.mark.parametrize("value", ["10", [10], {}])
def test_a_leeway_of_a_wrong_type_is_reported(value):
    assert found(LEEWAY=value) == ["hardening.W003"]


@pytest.mark.parametrize("value", [0, 10, 0.5, timedelta(seconds=10), None])
def test_a_leeway_that_works_is_not_reported(value):
    assert found(LEEWAY=value) == []


@pytest.mark.parametrize(("algorithm", "shortest"), [("HS256", 32), ("HS384", 48), ("HS512", 64)])
def test_a_key_is_long_enough_at_the_length_of_the_hash_and_not_below(algorithm, shortest):
    assert found(ALGORITHM=algorithm, SIGNING_KEY="k" * shortest) == []
    assert found(ALGORITHM=algorithm, SIGNING_KEY=b"k" * shortest) == []
    assert found(ALGORITHM=algorithm, SIGNING_KEY="k" * (shortest - 1)) == ["hardening.W004"]


def test_the_length_of_a_key_is_counted_in_bytes():
    assert found(SIGNING_KEY="é" * 16) == []


@pytest.mark.parametrize("key", ["", None, 5, [KEY]])
def test_what_is_no_key_at_all_is_reported(key):
    assert found(SIGNING_KEY=key) == ["hardening.W004"]


def test_a_short_key_is_not_repeated():
    (warning,) = checks.faults({"SIGNING_KEY": "hunter2"})
    assert "7 bytes" in warning.msg
    assert "hunter2" not in str(warning)


def test_the_length_of_a_public_key_is_not_measured_in_bytes():
    assert found(ALGORITHM="ES256", SIGNING_KEY="short") == []


def test_an_issuer_that_is_a_list_is_reported_and_an_audience_may_be_one():
    assert found(ISSUER=["a", "b"]) == ["hardening.W005"]
    assert found(ISSUER="a", AUDIENCE=["a", "b"]) == []


def test_no_default_of_the_library_is_reported():
    assert list(checks.faults(DEFAULTS | {"SIGNING_KEY": KEY})) == []


def test_our_own_settings_are_not_reported(settings):
    assert list(checks.faults(settings.SIMPLE_JWT)) == []


def test_every_line_of_our_own_settings_is_the_librarys_default(manage):
    run = manage("simple_jwt_settings")
    assert run.stdout == "Nothing differs from the defaults.\n"


def test_the_server_starts_with_mistakes_and_names_them_in_its_log(serve, tmp_path):
    (tmp_path / "mistyped.py").write_text(MISTYPED)
    login = {"username": "ada", "password": "test"}
    with serve(DJANGO_SETTINGS_MODULE="mistyped", PYTHONPATH=str(tmp_path)) as server:
        assert requests.post(f"{server.url}/api/token/", json=login, timeout=5).status_code == 200
    log = server.log.read_text()
    assert "(hardening.W001) SIMPLE_JWT has 'ACESS_TOKEN_LIFETIME'" in log
    assert "HINT: Did you mean ACCESS_TOKEN_LIFETIME?" in log
    assert "(hardening.W004) SIGNING_KEY has 6 bytes, and HS256 wants 32 at least" in log


def test_what_differs_from_the_defaults_is_shown_without_a_key(manage, tmp_path):
    (tmp_path / "mistyped.py").write_text(MISTYPED)
    run = manage("simple_jwt_settings", DJANGO_SETTINGS_MODULE="mistyped", PYTHONPATH=str(tmp_path))
    assert run.stdout.splitlines() == [
        "SIGNING_KEY: a key of its own, by default settings.SECRET_KEY",
        "ACESS_TOKEN_LIFETIME: 5, by default there is no such setting",
        "LEEWAY: None, by default 0",
    ]


def test_a_new_secret_key_with_the_old_as_fallback_still_ends_every_token(serve, tmp_path):
    changed = "from hardening.settings import *\nSECRET_KEY_FALLBACKS, SECRET_KEY = [SECRET_KEY], 'another key ' * 6\n"
    (tmp_path / "changed.py").write_text(changed + "SIMPLE_JWT = {}\n")
    login = {"username": "ada", "password": "test"}
    with serve() as server:
        access = requests.post(f"{server.url}/api/token/", json=login, timeout=5).json()["access"]
    header = {"Authorization": f"Bearer {access}"}
    with serve(DJANGO_SETTINGS_MODULE="changed", PYTHONPATH=str(tmp_path)) as server:
        response = requests.get(f"{server.url}/user-orders/", headers=header, timeout=5)
    assert (response.status_code, response.json()["messages"][0]["message"]) == (401, "Token is invalid")


@pytest.mark.parametrize(
    "name", ["AUTH_HEADER_TYPE", "AUTH_TOKEN_CLASS", "SECRET_KEY", "TOKEN_BACKEND_CLASS"]
)
def test_a_name_that_the_library_has_removed_is_its_own_error(manage, tmp_path, name):
    removed = f"from hardening.settings import *\nSIMPLE_JWT = {{{name!r}: 'anything'}}\n"
    (tmp_path / "removed.py").write_text(removed)
    run = manage("check", DJANGO_SETTINGS_MODULE="removed", PYTHONPATH=str(tmp_path))
    assert run.returncode == 1
    assert f"RuntimeError: The '{name}' setting has been removed." in run.stderr
