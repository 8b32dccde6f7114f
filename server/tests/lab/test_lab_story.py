"""The Token Lab in a real browser: the whole story, every button, and what a hostile world does to it."""

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

import lab as package

SERVER = Path(package.__file__).parents[1]
HOSTILE = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>{{7*7}}"


def log_in(page, name="ada"):
    page.locator(f"[data-account={name}]").click()
    expect(page.locator("#verdict")).to_contain_text("200 OK")
    expect(page.locator(".card.refresh .countdown")).not_to_be_empty()


def press(page, what):
    page.locator(f"[data-do={what}]").click()


def expect_verdict(page, status, reason=None, why=None):
    expect(page.locator("#verdict .status strong")).to_contain_text(status)
    if reason:
        expect(page.locator("#verdict .reason")).to_have_text(reason)
    if why:
        expect(page.locator("#verdict .why")).to_contain_text(why)


def expect_recorded(page, *texts):
    for text in texts:
        expect(page.locator("#records tbody")).to_contain_text(text)


def test_the_whole_story(lab, open_page, picture):
    with lab(access=4, refresh=60) as server:
        page = open_page(server)
        log_in(page)
        expect(page.locator(".card.access h3")).to_have_text("access token 1")
        expect(page.locator(".card.access .countdown")).to_have_text(re.compile(r"^dies in [1-4] s$"))
        press(page, "protected")
        expect_verdict(page, "200 OK", why="the server knows who you are")
        press(page, "auto")
        expect(page.locator(".card.access.dead .countdown")).to_contain_text("expired")
        expect(page.locator("#announcer")).to_have_text("access token 1 has expired.")
        expect_verdict(page, "401 Unauthorized", "Token is expired", "the expiry has passed")
        page.wait_for_timeout(1_500)
        press(page, "refresh")
        expect(page.locator(".card.access h3")).to_have_text("access token 2")
        expect_verdict(page, "200 OK", why="the server knows who you are")
        expect(page.locator("#lanes .arrow")).to_have_count(1)
        page.wait_for_timeout(1_200)
        press(page, "auto")
        expect(page.locator("[data-do=auto]")).to_have_attribute("aria-pressed", "false")
        picture(page, "token_lab")
        picture(page.locator("#timeline"), "token_lab_timeline")
        marks = page.locator("#lanes .mark").count()
        page.wait_for_timeout(1_500)
        assert page.locator("#lanes .mark").count() == marks, "paused, and it still calls"
        page.locator("#answers summary").click()
        expect(page.locator("#answers")).to_contain_text("Token is expired")
        changes = page.locator("#changes tr", has_text="exp")
        expect(changes).to_contain_text("≠ changed")
        expect(page.locator("#changes tr", has_text="user_id")).to_contain_text("= same")


def test_expired_everything(lab, open_page):
    with lab(access=1, refresh=2) as server:
        page = open_page(server)
        log_in(page)
        expect(page.locator(".card.refresh.dead")).to_be_visible()
        press(page, "protected")
        expect_verdict(page, "401", "Token is expired")
        press(page, "refresh")
        expect_verdict(page, "401", "Token is expired")
        press(page, "verify")
        expect_verdict(page, "401", "Token is expired")
        press(page, "public")
        expect_verdict(page, "401", "Token is expired")
        page.locator("#presented").select_option("none")
        press(page, "public")
        expect_verdict(page, "200 OK", why="Anyone may read this")


def test_every_call_shows_its_status_its_reason_and_why(lab, open_page):
    with lab() as server:
        page = open_page(server)
        press(page, "protected")
        expect(page.locator("#announcer")).to_contain_text("There is no such token yet")
        log_in(page)
        press(page, "public")
        expect_verdict(page, "200 OK", why="verified all the same")
        press(page, "admin")
        expect_verdict(
            page,
            "■ 403 Forbidden",
            "You do not have permission to perform this action.",
            "you may not do this",
        )
        press(page, "verify")
        expect_verdict(page, "200 OK", why="Signature and expiry are good")
        press(page, "swap")
        expect_verdict(page, "✕ 401 Unauthorized", "Token has wrong type", "genuine but of the other type")
        page.locator("#presented").select_option("none")
        press(page, "protected")
        expect_verdict(page, "401", "Authentication credentials were not provided.", "No token came")
        log_in(page, "admin")
        press(page, "admin")
        expect_verdict(page, "200 OK")
        assert page.locator("[data-do=logout]").count() == 0, "this server has no token_blacklist address"


@pytest.mark.parametrize("part", ["header", "payload", "signature"])
def test_one_changed_letter_is_refused(lab, open_page, part):
    with lab() as server:
        page = open_page(server)
        log_in(page)
        page.locator(f"[data-do=tamper][data-part={part}]").click()
        expect_verdict(page, "401 Unauthorized", "Token is invalid", f"You changed the {part}")
        expect(page.locator(".card.bench")).to_contain_text(re.compile(r"changed: \S became \S"))
        expect(page.locator("#changes")).to_contain_text("≠ changed")


def test_claims_signed_with_a_guessed_key(lab, open_page):
    key = "a-key-long-enough-for-hmac-" * 3
    with lab(DJANGO_SECRET_KEY=key) as server:
        page = open_page(server)
        log_in(page)
        page.locator("[data-open=forge]").click()
        form = page.locator("#forge form")
        claims = json.loads(form.locator("[name=claims]").input_value()) | {"user_id": "1", "note": HOSTILE}
        form.locator("[name=claims]").fill("[1]")
        form.locator("[value=go]").click()
        expect(form.locator(".fault")).to_contain_text("The payload is no JSON object")
        form.locator("[name=claims]").fill(json.dumps(claims))
        form.locator("[value=go]").click()
        expect_verdict(page, "401", "Token is invalid", "You signed it with a key that is not the server's")
        page.locator("[data-open=forge]").click()
        form.locator("[name=claims]").fill(json.dumps(claims))
        form.locator("[name=alg]").select_option("none")
        form.locator("[value=go]").click()
        expect(page.locator(".card.bench h3")).to_have_text("token on the bench 2")
        expect_verdict(page, "401", "Token is invalid")
        page.locator("[data-open=forge]").click()
        form.locator("[name=claims]").fill(json.dumps(claims))
        form.locator("[name=alg]").select_option("HS256")
        form.locator("[name=key]").fill(key)
        form.locator("[value=go]").click()
        expect_verdict(page, "200 OK", why="Your guess is the server's key")
        expect(page.locator(".card.bench")).to_contain_text("onerror=alert(1)")


def test_the_wrong_password(lab, open_page):
    with lab() as server:
        page = open_page(server)
        page.locator("[name=password]").fill("not-the-right-one")
        page.locator("#login button.main").click()
        expect_verdict(
            page, "401", "No active account found with the given credentials", "does not say which"
        )
        expect(page.locator("#request")).to_contain_text('"password":"•••"')
        assert "not-the-right-one" not in page.locator("body").inner_text()


def test_hostile_names_and_claims_are_text(lab, open_page, database):
    import sqlite3

    with sqlite3.connect(database.removeprefix("sqlite:///")) as shop:
        shop.execute("UPDATE api_user SET username = ? WHERE username = 'ada'", (HOSTILE,))
    shop.close()
    hostile = {
        HOSTILE: HOSTILE,
        "__proto__": 1,
        "constructor": "x",
        "exp": "soon",
        "jti": ["x"],
        "user_id": None,
    }
    with lab() as server:
        page = open_page(server)
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        page.locator("[name=username]").fill(HOSTILE)
        page.locator("#login button.main").click()
        expect_verdict(page, "200 OK")
        press(page, "protected")
        expect_recorded(page, HOSTILE)
        page.locator("[data-open=forge]").click()
        page.locator("#forge [name=claims]").fill(json.dumps(hostile))
        page.locator("#forge [value=go]").click()
        expect_verdict(page, "401", "Token is invalid")
        expect(page.locator(".card.bench .countdown")).to_have_text("no readable expiry")
        for text in ("no token at all", "a.b.c", ".", "é.ü.ß", "A" * 5000, "e30.bnVsbA.x", "..", HOSTILE):
            page.locator("[data-open=paste]").click()
            page.locator("#paste [name=token]").fill(text)
            page.locator("#paste [value=go]").click()
            press(page, "verify")
            expect(page.locator("#verdict")).to_contain_text(re.compile("401 Unauthorized|400 Bad Request"))
        assert page.locator("img, section script").count() == 0


def test_the_request_and_the_response_are_shown_as_they_went(lab, open_page):
    with lab() as server:
        page = open_page(server)
        page.locator("#whole").check()
        log_in(page)
        for do, address in {"protected": "/user-orders/", "refresh": "/api/token/refresh/"}.items():
            with page.expect_response(f"**{address}") as waiting:
                press(page, do)
            response = waiting.value
            expect(page.locator("#request")).to_contain_text(address)
            request_line, *sent = page.locator("#request").inner_text().split("\n\n")[0].split("\n")
            status_line, *received = page.locator("#response").inner_text().split("\n\n")[0].split("\n")
            assert request_line == f"{response.request.method} {address} HTTP/1.1"
            assert status_line == f"HTTP/1.1 {response.status} {response.status_text}"
            assert fields(sent) == response.request.all_headers()
            assert fields(received) == response.all_headers()
            assert page.locator("#response").inner_text().endswith(response.text())
        assert page.locator("#request").inner_text().endswith(response.request.post_data)


def fields(lines):
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


def test_tokens_are_masked_until_they_are_asked_for(lab, open_page):
    with lab() as server:
        page = open_page(server)
        with page.expect_response("**/api/token/") as waiting:
            log_in(page)
        pair = waiting.value.json()
        parts = [part for token in pair.values() for part in token.split(".")[1:]]
        press(page, "protected")
        expect_verdict(page, "200 OK", why="knows who you are")
        assert not any(part in page.content() for part in parts)
        page.locator("#whole").check()
        assert pair["access"] in page.locator("#request").inner_text()
        stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert stored == '[{},{},""]'


def test_what_is_copied_works_elsewhere(lab, open_page):
    with lab() as server:
        page = open_page(server, permissions=["clipboard-read", "clipboard-write"])
        copied = {}
        for name in ("login", "protected"):
            log_in(page) if name == "login" else press(page, "protected")
            expect(page.locator("#verdict")).to_contain_text(
                "access token 1" if name == "protected" else "two tokens"
            )
            for kind in ("curl", "requests", "powershell", "http"):
                page.locator(f"[data-copy={kind}]").click()
                expect(page.locator("#announcer")).to_contain_text("Copied as")
                copied[name, kind] = page.evaluate("navigator.clipboard.readText()")
        for name, sign in {"login": '"access":', "protected": "order_id"}.items():
            run = {"capture_output": True, "text": True, "timeout": 30, "check": True}
            assert sign in subprocess.run([shutil.which("bash"), "-c", copied[name, "curl"]], **run).stdout
            assert sign in subprocess.run([sys.executable, "-c", copied[name, "requests"]], **run).stdout
        access = copied["protected", "http"].split("Bearer ")[1].split()[0]
        assert copied["protected", "powershell"] == (
            f"Invoke-WebRequest -Method GET -Uri '{server.url}/user-orders/' "
            f"-Headers @{{ 'Accept' = 'application/json'; 'Authorization' = 'Bearer {access}' }}"
        )
        assert copied["protected", "http"].startswith(
            f"GET {server.url}/user-orders/\nAccept: application/json\n"
        )
        assert copied["login", "http"].endswith('\n\n{"username":"ada","password":"test"}')


def test_two_tabs_race_a_refresh(lab, open_page):
    with lab() as server:
        first, second = open_page(server), open_page(server)
        with first.expect_response("**/api/token/") as waiting:
            log_in(first)
        second.locator("[data-open=paste]").click()
        second.locator("#paste [name=token]").fill(waiting.value.json()["refresh"])
        second.locator("#paste [name=kind]").select_option("refresh")
        second.locator("#paste [value=go]").click()
        # Without waiting for the first answer the second click is sent.
        for page in (first, second):
            page.evaluate("document.querySelector('[data-do=refresh]').click()")
        for page in (first, second):
            expect_verdict(page, "200 OK", why="signed a new access token")
            expect(page.locator("#records tr", has_text="POST /api/token/refresh/")).to_have_count(2)
        tokens = first.locator(
            "#records tr:has-text('POST /api/token/refresh/') td:nth-child(9)"
        ).all_inner_texts()
        assert len(set(tokens)) == 1


def test_the_recorder_shows_other_clients_and_filters_them(lab, open_page, log_in, picture):
    with lab() as server:
        page = open_page(server)
        for name in ("ada", "grace"):
            header = {"Authorization": f"Bearer {log_in(server.url, name)['access']}"}
            requests.get(f"{server.url}/user-orders/", headers=header, timeout=5)
            requests.get(f"{server.url}/orders/", headers=header | {"User-Agent": "curl/8.0"}, timeout=5)
        expect_recorded(
            page, "Python requests · 127.0.0.1", "curl · 127.0.0.1", "grace", "GET /orders/", "403"
        )
        expect(page.locator("#sequence svg")).to_contain_text("GET /user-orders/")
        picture(page.locator("#recorder"), "token_lab_recorder")
        page.locator("#by-user").select_option("grace")
        page.locator("#by-client").select_option("curl · 127.0.0.1")
        expect(page.locator("#records tbody tr")).to_have_count(1)
        expect(page.locator("#sequence .pair")).to_have_count(1)
        expect(page.locator("#records tbody tr")).to_contain_text("You do not have permission")


def test_a_server_that_stops_and_starts_again_loses_nothing(lab, open_page, process, address, database):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]

    def start():
        server = process(command, DATABASE_URL=database)
        server.url = address(server)
        return server

    server = start()
    try:
        page = open_page(server)
        log_in(page)
        expect_recorded(page, "POST /api/token/")
        server.kill()
        server.communicate()
        expect(page.locator("#connection")).to_have_attribute("data-state", "lost")
        expect(page.locator("#connection")).to_contain_text("The server does not answer")
        press(page, "protected")
        expect_verdict(page, "◇ No answer", why="the server is not running")
        server = start()
        # The page may connect at any moment: what came before that must reach it, too.
        requests.get(f"{server.url}/products/info/", timeout=5)
        expect(page.locator("#connection")).to_have_attribute("data-state", "open")
        expect_recorded(page, "GET /products/info/", "POST /api/token/")
        press(page, "protected")
        expect_verdict(page, "200 OK")
        expect(page.locator(".card.access h3")).to_have_text("access token 1")
        expect(page.locator("#records tr", has_text="POST /api/token/")).to_have_count(1)
    finally:
        server.kill()
        server.communicate()


def test_of_a_thousand_requests_the_page_draws_the_newest(lab, open_page):
    """What keeps the page quick is that it draws two hundred, however many there are."""
    with lab() as server:
        page = open_page(server)

        def ask():
            with requests.Session() as session:
                for _ in range(250):
                    session.get(f"{server.url}/products/", timeout=10)

        clients = [threading.Thread(target=ask) for _ in range(4)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        expect(page.locator("#count")).to_contain_text("200 of 1001 shown")
        expect(page.locator("#records tbody tr")).to_have_count(200)
        page.locator("#by-client").select_option("Python requests · 127.0.0.1")
        expect(page.locator("#count")).to_contain_text("200 of 1000 shown")
        expect(page.locator("#records tbody tr")).to_have_count(200)


@pytest.fixture
def revoking_tree(tmp_path, database, environment):
    """A copy of the server with the blacklist app, rotation, and the log-out address."""
    tree = tmp_path / "tree"
    shutil.copytree(
        SERVER, tree, ignore=shutil.ignore_patterns("tests", "bench", "__pycache__", "*.sqlite3*")
    )
    for name, old, new in [
        (
            "settings.py",
            '    "rest_framework_simplejwt",\n',
            '    "rest_framework_simplejwt",\n    "rest_framework_simplejwt.token_blacklist",\n',
        ),
        (
            "simple_jwt.py",
            "SIMPLE_JWT = {\n",
            'SIMPLE_JWT = {\n    "ROTATE_REFRESH_TOKENS": True,\n    "BLACKLIST_AFTER_ROTATION": True,\n',
        ),
        (
            "urls.py",
            "TokenRefreshView, TokenVerifyView\n",
            "TokenBlacklistView, TokenRefreshView, TokenVerifyView\n",
        ),
        (
            "urls.py",
            "urlpatterns = [\n",
            'urlpatterns = [\n    path("api/token/blacklist/", TokenBlacklistView.as_view(), name="token_blacklist"),\n',
        ),
    ]:
        file = tree / "drf_course" / name
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(
        migrate, cwd=tree, env=environment(DATABASE_URL=database, PYTHONPATH=""), check=True, timeout=60
    )
    return tree


def test_log_out_where_the_running_step_has_it(revoking_tree, database, environment, address, open_page):
    command = [sys.executable, "manage.py", "runserver", "--noreload", "127.0.0.1:0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(
        command, cwd=revoking_tree, env=environment(DATABASE_URL=database, PYTHONPATH=""), **pipes
    ) as server:
        try:
            server.url = address(server)
            page = open_page(server)
            log_in(page)
            press(page, "refresh")
            expect_verdict(page, "200 OK", why="the refresh token was rotated")
            expect(page.locator(".card.refresh h3")).to_have_text("refresh token 2")
            expect(page.locator("#lanes .arrow")).to_have_count(2)
            press(page, "logout")
            expect_verdict(page, "200 OK", why="The refresh token is revoked")
            press(page, "protected")
            expect_verdict(page, "200 OK", why="knows who you are")
            press(page, "refresh")
            expect_verdict(page, "401", "Token is blacklisted", "This refresh token was revoked")
        finally:
            server.kill()
