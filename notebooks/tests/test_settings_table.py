"""The table of settings is that of the installed simplejwt, so that it cannot age."""

from datetime import timedelta

import pytest
import requests

from workshop import paths
from workshop.authoring import generated, settings_table
from workshop.errors import WorkshopError
from workshop.expect import answer
from workshop.learner import manifest
from workshop.servers.live_server import LiveServer

KNOWN = {"ISSUER": "None", "LEEWAY": "0"}
SAID = {"ISSUER": "Who.", "LEEWAY": "How much."}


def test_a_setting_without_a_sentence_is_named():
    with pytest.raises(WorkshopError, match="simplejwt has the setting NEW"):
        settings_table.markdown(KNOWN | {"NEW": "1"}, SAID)


def test_a_sentence_without_a_setting_is_named():
    with pytest.raises(WorkshopError, match="simplejwt has no setting LEEWAY"):
        settings_table.markdown({"ISSUER": "None"}, SAID)


def test_a_row_holds_name_default_and_sentence():
    assert settings_table.markdown(KNOWN, SAID).splitlines() == [
        "| setting | default | what it does |",
        "|---|---|---|",
        "| `ISSUER` | `None` | Who. |",
        "| `LEEWAY` | `0` | How much. |",
    ]


def test_the_defaults_are_those_of_the_library_and_no_key_is_among_them():
    found = settings_table.defaults()
    assert found["ACCESS_TOKEN_LIFETIME"] == "timedelta(minutes=5)"
    assert found["AUTH_HEADER_TYPES"] == "('Bearer',)"
    assert found["SIGNING_KEY"] == "settings.SECRET_KEY"
    assert (paths.SERVER / ".development_key").read_text().strip() not in str(found)


def test_the_lesson_holds_the_table_as_the_library_makes_it():
    step = manifest.find("05_settings")
    assert step.lesson.read_text(encoding="utf-8") == generated.lesson(step.lesson)


def test_a_server_restarts_with_settings_replaced_and_then_as_it_was():
    with LiveServer(paths.SERVER) as server:
        address = server.url
        server.restart(ISUER="a", SIGNING_KEY="not to be shown")
        assert repr(server) == f"A server of server/ at {address}, with ISUER, SIGNING_KEY replaced"
        assert any("(hardening.W001)" in line for line in server.log)
        server.restart()
        assert repr(server) == f"A server of server/ at {address}"
        assert not any("api.W" in line for line in server.log)


@pytest.fixture(scope="module")
def server():
    with LiveServer(paths.SERVER) as running:
        yield running


@pytest.mark.parametrize(
    ("kind", "changed", "wanted"),
    [
        ("access", {"VERIFYING_KEY": "not read for HS256"}, (200, None)),
        ("access", {"LEEWAY": timedelta(seconds=1)}, (200, None)),
        ("access", {"ACCESS_TOKEN_LIFETIME": timedelta(seconds=1)}, (200, None)),
        ("refresh", {}, (401, "Token has wrong type")),
        ("refresh", {"TOKEN_TYPE_CLAIM": None}, (200, None)),
    ],
)
def test_what_the_table_says_of_an_old_token_is_so(server, kind, changed, wanted):
    account = {"username": "ada", "password": "test"}
    token = requests.post(f"{server.url}/api/token/", json=account, timeout=5).json()[kind]
    server.restart(**changed)
    header = {"Authorization": f"Bearer {token}"}
    got = answer(requests.get(f"{server.url}/user-orders/", headers=header, timeout=5))
    server.restart()
    assert got == wanted


def test_of_several_audiences_one_is_enough(server):
    account = {"username": "ada", "password": "test"}
    server.restart(AUDIENCE="shop-api")
    token = requests.post(f"{server.url}/api/token/", json=account, timeout=5).json()["access"]
    server.restart(AUDIENCE=["payroll", "shop-api"])
    header = {"Authorization": f"Bearer {token}"}
    got = answer(requests.get(f"{server.url}/user-orders/", headers=header, timeout=5))
    server.restart()
    assert got == (200, None)
