"""The Token Lab on the server of step 11: which key a token names, and which one verified it, during a rotation."""

import json
import sys
from contextlib import contextmanager

import jwt
import pytest
import requests
from playwright.sync_api import expect

from testkit import databases, servers
from testkit.machine import free_port

MARK = {"X-Token-Lab": "0123abcd"}
BEFORE, DURING, AFTER = "first", "second,first", "second"  # the first key of a ring signs
WORDS = {
    "en": ("by key {}, which signs now", "by key {}, an older one", "names the key {}"),
    "ko": ("키 {}: 지금 서명 중", "키 {}: 이전 키", "키 이름: {}"),
}


@pytest.fixture
def shop(answer_of, tmp_path):
    """Start the server with this ring, always on one port and one database: `with shop(BEFORE) as server`."""
    tree, template = answer_of("11_signing_keys")
    address = databases.copy(template, tmp_path / "db.sqlite3")
    port = free_port()
    command = [sys.executable, str(tree / "manage.py"), *servers.OUR_RUNSERVER[2:]]
    command = [word.replace("127.0.0.1:0", f"127.0.0.1:{port}") for word in command]

    @contextmanager
    def run(ring, **variables):
        variables |= {"JWT_KEYRING": ring, "JWT_KEY_FOLDER": str(tmp_path / "keys")}
        with servers.running(command, DATABASE_URL=address, **variables) as server:
            yield server

    return run


def presented(server, access):
    """Status, the gate at which the server stopped and why, the gates before it, and the key that verified."""
    headers = MARK | {"Authorization": f"Bearer {access}"}
    response = requests.get(f"{server.url}/user-orders/", headers=headers, timeout=30)
    passage = json.loads(response.headers["X-Token-Lab"])
    return response.status_code, passage["gate"], passage["why"], len(passage["passed"]), passage["key"]


def published(server):
    """The names of the keys in the server's JWKS."""
    keys = requests.get(f"{server.url}/.well-known/jwks.json", timeout=30).json()["keys"]
    return [key["kid"] for key in keys]


def edited(token):
    """The token with another user, and with the signature that it had."""
    header, payload, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"user_id": "1"}
    payload = jwt.encode(claims, "k" * 32).split(".")[1]
    return ".".join((header, payload, signature))


def test_no_key_is_named_for_a_token_that_none_verified(shop, log_in):
    with shop(BEFORE) as server:
        access = log_in(server.url)["access"]
        kid = published(server)[0]
        claims = jwt.decode(access, options={"verify_signature": False})

        def forged(**header):
            return jwt.encode(claims, "guess" * 8, headers=header)

        # A key is looked up before PyJWT asks whether the algorithm is allowed.
        assert presented(server, forged()) == (401, "signature", "key", 2, None)
        assert presented(server, forged(kid="../first.pem")) == (401, "signature", "key", 2, None)
        assert presented(server, forged(kid=kid)) == (401, "algorithm", "algorithm", 2, None)
        assert presented(server, edited(access)) == (401, "signature", "signature", 3, None)


def test_a_rotation_names_the_key_that_verified(shop, log_in):
    with shop(BEFORE) as server:
        old = log_in(server.url)
        [first] = published(server)
        assert presented(server, old["access"]) == (200, None, None, 7, {"kid": first, "signs": True})
        stopped = (401, "type", "type", 5, {"kid": first, "signs": True})
        assert presented(server, old["refresh"]) == stopped, "its signature was verified all the same"
    with shop(DURING) as server:
        new = log_in(server.url)
        second = published(server)[0]
        assert presented(server, old["access"])[-1] == {"kid": first, "signs": False}
        assert presented(server, new["access"])[-1] == {"kid": second, "signs": True}
        assert first != second == jwt.get_unverified_header(new["access"])["kid"]
    with shop(AFTER) as server:
        assert presented(server, old["access"]) == (401, "signature", "key", 2, None)
        assert presented(server, new["access"])[-1] == {"kid": second, "signs": True}


def press(page, what):
    page.locator(f"[data-do={what}]").first.click()


def short(kid):
    return f"{kid[:8]}…"


def test_the_page_shows_a_rotation(shop, open_page):
    signs, older, names = WORDS["en"]
    gate = "#gates [data-gate=signature]"
    with shop(BEFORE) as server:
        page = open_page(server, "?stage&lang=en")
        page.locator("[data-account=ada]").click()
        expect(page.locator("#verdict")).to_contain_text("200 OK")
        press(page, "protected")
        [first] = published(server)
        expect(page.locator(f"{gate} .state")).to_have_text(signs.format(short(first)))
        expect(page.locator(f"{gate} .state")).to_have_attribute("title", signs.format(first))
        page.locator("button[data-panel=tokens]").click()
        expect(page.locator(".card.access .kid")).to_have_text(names.format(short(first)))
        page.locator("#whole").check()
        expect(page.locator(".card.refresh .kid")).to_have_text(names.format(first))
        page.locator("#whole").uncheck()
    with shop(DURING) as server:
        second = published(server)[0]
        for what, words, kid in [
            ("protected", older, first),
            ("refresh", older, first),
            ("protected", signs, second),
        ]:
            press(page, what)
            # The next press counts only when this one has its response.
            call = "/api/token/refresh/" if what == "refresh" else "/user-orders/"
            expect(page.locator("#verdict .call")).to_contain_text(f" {call} ")
            expect(page.locator(f"{gate} .state")).to_have_text(words.format(short(kid)))
        expect(page.locator(".card.refresh .kid")).to_have_text(names.format(short(second)))
        for language in ("ko", "en"):
            page.locator(f"[data-language={language}]").click()
            signs, older, names = WORDS[language]
            expect(page.locator(f"{gate} .state")).to_have_text(signs.format(short(second)))
            expect(page.locator(".card.access .kid")).to_have_text(names.format(short(second)))
            assert page.locator(f"{gate} .state").evaluate("e => e.scrollHeight <= e.clientHeight + 1"), (
                "it is cut"
            )
        page.locator("#close").click()
    with shop(AFTER):
        page.locator("[data-open=forge]").click()
        page.locator("#forge [value=go]").click()
        expect(page.locator("#gates [data-state=stopped]")).to_have_attribute("data-gate", "algorithm")
        assert short(second) not in page.locator("#gates").inner_text(), "no key verified it"
