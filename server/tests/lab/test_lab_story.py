"""The Token Lab in a real browser: the whole story, every button, and what a hostile world does to it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect

import lab as package
from testkit.machine import free_port

SERVER = Path(package.__file__).parents[1]
GATES = ["header", "parts", "algorithm", "signature", "times", "type", "user"]
HOSTILE = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>{{7*7}}"


def log_in(page, name="ada"):
    page.locator(f"[data-account={name}]").click()
    expect(page.locator("#verdict")).to_contain_text("200 OK")
    expect(page.locator("#lives .refresh .countdown")).not_to_have_text("\N{EN DASH}")


def press(page, what):
    if not page.locator(f"[data-do={what}]").first.is_visible():
        page.locator("#more summary").click()
    page.locator(f"[data-do={what}]").first.click()


def tamper(page, part):
    if part != "payload":
        page.locator("#more summary").click()
    page.locator(f"[data-do=tamper][data-part={part}]").click()


def forge(page, claims, *, key="secret", alg="HS256"):
    page.locator("[data-open=forge]").click()
    form = page.locator("#forge form")
    form.locator("[name=claims]").fill(claims if isinstance(claims, str) else json.dumps(claims))
    form.locator("[name=key]").fill(key)
    form.locator("[name=alg]").select_option(alg)
    form.locator("[value=go]").click()


def paste(page, text, kind="bench"):
    page.locator("#more summary").click()
    page.locator("[data-open=paste]").click()
    page.locator("#paste [name=token]").fill(text)
    page.locator("#paste [name=kind]").select_option(kind)
    page.locator("#paste [value=go]").click()


def show(page, view):
    """Open a view beside the stage."""
    if page.locator(f"#{view}").is_hidden():
        page.locator(f"button[data-panel={view}]").click()
    expect(page.locator(f"#{view}")).to_be_visible()


def expect_verdict(page, status, reason=None, why=None, gate=None):
    """The verdict that is shown; `gate` is the one at which the server stopped, after all before it were passed."""
    expect(page.locator("#verdict .status strong")).to_contain_text(status)
    if reason:
        expect(page.locator("#verdict .reason")).to_have_text(reason)
    if why:
        expect(page.locator("#verdict .why")).to_contain_text(why)
    if gate:
        at = GATES.index(gate)
        wanted = ["passed"] * at + ["stopped"] + ["unreached"] * (6 - at)
        assert states(page) == wanted


def states(page):
    return page.locator("#gates li").evaluate_all("gates => gates.map(gate => gate.dataset.state)")


def expect_recorded(page, *texts):
    show(page, "recorder")
    for text in texts:
        expect(page.locator("#records tbody")).to_contain_text(text)
    page.locator("#close").click()


def test_a_click_before_the_page_can_act_is_not_lost(server, browser):
    """The page is painted before its program has come: until then nothing can be clicked."""
    held = []
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/main.js", lambda route: held.append(route))
        page.goto(server.url, wait_until="commit")
        button = page.locator("[data-account=ada]")
        expect(button).to_be_visible()
        with pytest.raises(NotInTime, match="element is inert"):
            button.click(timeout=1_000)
        held.pop().continue_()
        log_in(page)


def test_the_whole_story(lab, open_page, picture):
    with lab(access=4, refresh=60) as server:
        page = open_page(server, "?stage")
        expect(page.locator("#controls .main")).to_have_text("Log in")
        log_in(page)
        expect(page.locator("#lives .access h3")).to_have_text("access token 1")
        expect(page.locator("#controls .main")).to_have_text("Call")
        press(page, "protected")
        expect_verdict(page, "200 OK", why="the server knows who you are")
        assert states(page) == ["passed"] * 7
        expect(page.locator("#controls .main")).to_contain_text("Every second")
        press(page, "auto")
        expect(page.locator("#lives .access.dead .countdown")).to_contain_text("expired")
        expect(page.locator("#announcer")).to_have_text("access token 1 has expired.")
        expect_verdict(page, "401 Unauthorized", "Token is expired", "The signature is right", gate="times")
        expect(page.locator("#pulse")).to_have_text("✕ 401")
        expect(page.locator("#controls .main")).to_have_text("Refresh")
        page.wait_for_timeout(1_500)
        press(page, "refresh")
        expect(page.locator("#lives .access h3")).to_have_text("access token 2")
        expect_verdict(page, "200 OK", why="signed a new access token")
        expect(page.locator("#lanes path.arrow")).to_have_count(1)
        expect(page.locator("#pulse")).to_have_text("● 200")
        # What was asked for by hand stays, whatever the calls of every second bring.
        expect_verdict(page, "200 OK", why="signed a new access token")
        press(page, "auto")
        expect(page.locator("[data-do=auto]")).to_have_attribute("aria-pressed", "false")
        picture(page, "token_lab")
        picture(page.locator("#timeline"), "token_lab_timeline")
        marks = page.locator("#lanes g.mark").count()
        page.wait_for_timeout(1_500)
        assert page.locator("#lanes g.mark").count() == marks, "paused, and it still calls"
        show(page, "history")
        expect(page.locator("#answers")).to_contain_text("Token is expired")
        expect(page.locator("#changes tr", has_text="exp")).to_contain_text("≠ changed")
        expect(page.locator("#changes tr", has_text="user_id")).to_contain_text("= same")


def test_expired_everything(lab, open_page):
    with lab(access=1, refresh=2) as server:
        page = open_page(server)
        log_in(page)
        expect(page.locator("#lives .refresh.dead")).to_be_visible()
        for what in ("protected", "refresh", "verify", "public"):
            press(page, what)
            expect_verdict(page, "401", "Token is expired", gate="times")
        page.locator("#presented").select_option("none")
        press(page, "public")
        expect_verdict(page, "200 OK", why="Anyone may read this")


def test_every_call_shows_its_status_its_reason_and_why(server, open_page):
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
    assert states(page) == ["passed"] * 7
    press(page, "verify")
    expect_verdict(page, "200 OK", why="Signature and expiry are good")
    assert states(page) == ["passed"] * 5 + ["unreached"] * 2
    expect(page.locator("[data-gate=user] .state")).to_have_text("not asked")
    expect(page.locator("[data-gate=signature] .state")).to_have_text("passed")  # of no key: there is one
    press(page, "swap")
    expect_verdict(
        page, "✕ 401 Unauthorized", "Token has wrong type", "genuine but of the other type", "type"
    )
    expect(page.locator("#presented")).to_have_value("access")
    page.locator("#presented").select_option("none")
    press(page, "protected")
    expect_verdict(
        page, "401", "Authentication credentials were not provided.", "No token came", gate="header"
    )
    log_in(page, "admin")
    press(page, "admin")
    expect_verdict(page, "200 OK")
    assert page.locator("[data-do=logout]").count() == 0, "this server has no token_blacklist address"


WHERE = {
    "header": ("algorithm", "names the algorithm HS512", '"HS256"'),
    "payload": ("signature", "You changed the payload", "user_id"),
    "signature": ("signature", "You changed the signature", "one letter"),
}


def test_a_changed_part_is_stopped_where_the_server_looks_at_it(server, open_page):
    page = open_page(server)
    log_in(page)
    for number, (part, (gate, why, how)) in enumerate(WHERE.items(), 1):
        tamper(page, part)
        expect(page.locator("#verdict .call")).to_contain_text(f"bench {number}")
        expect_verdict(page, "401 Unauthorized", "Token is invalid", why, gate)
        expect(page.locator("#lives .bench .countdown")).to_have_text("never accepted")
        show(page, "tokens")
        expect(page.locator(".card.bench")).to_contain_text(how)
        # What the server never accepted has no lifetime, and to present it ends with the next token.
        assert page.locator("#lanes rect.life.bench").count() == 0
        page.locator("#close").click()
        press(page, "refresh")
        expect(page.locator("#lives .bench")).to_be_hidden()
        expect(page.locator("#presented")).to_have_value("access")


def test_a_claim_is_edited_in_place(server, open_page):
    page = open_page(server)
    log_in(page)
    show(page, "tokens")
    field = page.locator(".card.access").get_by_label("Value of user_id")
    expect(field).to_have_value('"2"')
    expect(page.locator(".card .kid")).to_have_count(0)
    field.fill('"1"')
    field.press("Enter")
    expect_verdict(page, "401 Unauthorized", "Token is invalid", "You changed the payload", "signature")
    expect(page.locator(".card.bench")).to_contain_text('user_id was "2", now "1"')


def test_claims_signed_with_a_guessed_key(lab, open_page):
    key = "a-key-long-enough-for-hmac-" * 3
    with lab(DJANGO_SECRET_KEY=key) as server:
        page = open_page(server)
        # As on a phone that opens the class on plain http.
        page.evaluate("Object.defineProperty(crypto, 'subtle', {value: undefined})")
        log_in(page)
        forge(page, "[1]")
        expect(page.locator("#forge .fault")).to_contain_text("The payload is not a JSON object")
        page.keyboard.press("Escape")
        page.locator("[data-open=forge]").click()
        claims = json.loads(page.locator("#forge [name=claims]").input_value())
        claims |= {"user_id": "1", "note": HOSTILE}
        page.keyboard.press("Escape")
        forge(page, claims)
        expect_verdict(page, "401", "Token is invalid", "with a key that is not the server's", "signature")
        forge(page, claims, alg="none")
        expect_verdict(page, "401", "Token is invalid", "nobody signed this token", "algorithm")
        forge(page, claims, key=key, alg="HS512")
        expect_verdict(page, "401", "Token is invalid", "names the algorithm HS512", "algorithm")
        forge(page, {name: value for name, value in claims.items() if name != "exp"}, key=key)
        expect_verdict(page, "401", "Token has no 'exp' claim", "a claim is missing", "times")
        expect(page.locator("#lives .bench .countdown")).to_have_text("no readable expiry")
        assert page.locator("#lanes .lane:has(rect.bench) .death").count() == 0
        forge(page, claims | {"iat": 4_000_000_000}, key=key)
        expect_verdict(page, "401", "Token is invalid", "from the future", "times")
        forge(page, claims | {"user_id": "999"}, key=key)
        expect_verdict(page, "401", "User not found", "its user no longer exists", "user")
        forge(page, claims, key=key)
        expect_verdict(page, "200 OK", why="Your guess is the server's key")
        assert states(page) == ["passed"] * 7
        show(page, "tokens")
        expect(page.locator(".card.bench").get_by_label("Value of note")).to_have_value(json.dumps(HOSTILE))


def test_the_page_signs_as_everybody_else_does(server, open_page):
    import hashlib
    import hmac

    program = """async ([alg, key, text]) => {
        const { hmac } = await import("/lab/assets/sha2.js");
        const utf8 = new TextEncoder();
        return [...hmac(alg, utf8.encode(key), utf8.encode(text))];
    }"""
    page = open_page(server)
    for length in (0, 3, 55, 56, 111, 112, 300):
        text, key = "x" * length, "k" * (length // 2)
        for alg, name in {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}.items():
            made = bytes(page.evaluate(program, [alg, key, text]))
            assert made == hmac.digest(key.encode(), text.encode(), getattr(hashlib, name)), (alg, length)


def test_the_wrong_password(server, open_page):
    page = open_page(server)
    page.locator("[name=username]").fill("ada")
    page.locator("[name=password]").fill("not-the-right-one")
    page.locator("[form=login]").click()
    expect_verdict(page, "401", "No active account found with the given credentials", "does not say which")
    assert states(page) == ["idle"] * 7, "a login presents no token"
    show(page, "wire")
    expect(page.locator("#wire pre.request")).to_contain_text('"password": "•••"')
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
        page.locator("[name=password]").fill("test")
        page.locator("[form=login]").click()
        expect_verdict(page, "200 OK")
        press(page, "protected")
        expect_recorded(page, HOSTILE)
        forge(page, hostile)
        expect_verdict(page, "401", "Token is invalid")
        for text in ("no token at all", "a.b.c", ".", "é.ü.ß", "A" * 5000, "e30.bnVsbA.x", "..", HOSTILE):
            paste(page, text)
            press(page, "verify")
            expect(page.locator("#verdict")).to_contain_text(re.compile("401 Unauthorized|400 Bad Request"))
            show(page, "tokens")
            page.locator("#close").click()
        assert page.locator("main img, section script").count() == 0


def test_the_request_and_the_response_are_shown_as_they_went(server, open_page):
    page = open_page(server)
    log_in(page)
    show(page, "wire")
    page.locator("#whole").check()
    for do, address in {"protected": "/user-orders/", "refresh": "/api/token/refresh/"}.items():
        with page.expect_response(f"**{address}") as waiting:
            press(page, do)
        response = waiting.value
        expect(page.locator("#wire pre.request")).to_contain_text(address)
        for summary in page.locator("#wire summary").all():
            summary.click()
        expect(page.locator("#wire .more-headers pre").first).not_to_be_empty()
        added, others = page.locator("#wire .more-headers pre").all_inner_texts()
        request_line, *sent = page.locator("#wire pre.request").inner_text().split("\n\n")[0].split("\n")
        status_line, *received = page.locator("#wire pre.response").inner_text().split("\n\n")[0].split("\n")
        assert request_line == f"{response.request.method} {address} HTTP/1.1"
        assert status_line == f"HTTP/1.1 {response.status} {response.status_text}"
        # The page's own mark, and the server's reply to it, are no part of the lesson.
        assert fields([*sent, *added.split("\n")]) == without_mark(response.request.all_headers())
        assert fields([*received, *others.split("\n")]) == without_mark(response.all_headers())
        assert json.loads(page.locator("#wire pre.response").inner_text().split("\n\n")[1]) == response.json()
    body = page.locator("#wire pre.request").inner_text().split("\n\n")[1]
    assert json.loads(body) == json.loads(response.request.post_data)


def fields(lines):
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}


def without_mark(headers):
    return {name: value for name, value in headers.items() if name != "x-token-lab"}


def test_tokens_are_masked_until_they_are_asked_for(server, open_page):
    page = open_page(server)
    with page.expect_response("**/api/token/") as waiting:
        log_in(page)
    pair = waiting.value.json()
    parts = [part for token in pair.values() for part in token.split(".")[1:]]
    press(page, "protected")
    expect_verdict(page, "200 OK", why="knows who you are")
    for view in ("tokens", "history", "wire"):
        show(page, view)
        assert not any(part in page.content() for part in parts)
    page.locator("#whole").check()
    assert pair["access"] in page.locator("#wire pre.request").inner_text()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "/user-orders/" in stored and not any(part in stored for part in parts)


def test_after_a_reload_the_history_is_there_and_the_tokens_are_not(server, open_page):
    page = open_page(server)
    log_in(page)
    press(page, "protected")
    expect_verdict(page, "200 OK", why="knows who you are")
    page.reload()
    expect(page.locator("#verdict")).to_contain_text("The tokens are gone on purpose")
    expect(page.locator("#lives .access .countdown")).to_have_text("\N{EN DASH}")
    expect(page.locator("[name=username]")).to_have_value("ada")
    expect(page.locator("[name=password]")).to_have_value("")
    show(page, "history")
    page.locator("#answers tbody tr", has_text="GET /user-orders/").locator("button").click()
    expect_verdict(page, "200 OK")
    expect(page.locator("#verdict .call")).to_contain_text("access token 1")


def test_every_mark_and_every_row_opens_its_exchange(server, open_page):
    page = open_page(server)
    log_in(page)
    press(page, "swap")
    expect_verdict(page, "401", "Token has wrong type")
    page.locator("#pin").click()
    press(page, "protected")
    expect_verdict(page, "200 OK", why="knows who you are")
    show(page, "wire")
    expect(page.locator("#wire-pinned")).to_contain_text("pinned: ✕ 401")
    expect(page.locator("#wire-shown")).to_contain_text("HTTP/1.1 200 OK")
    page.locator("#close").click()
    page.locator("#lanes g.mark.pinned").dispatch_event("click")
    expect_verdict(page, "401", "Token has wrong type", gate="type")
    page.locator("#latest").click()
    expect_verdict(page, "200 OK", why="knows who you are")
    requests.get(f"{server.url}/user-orders/", headers={"Authorization": "Bearer x"}, timeout=5)
    show(page, "recorder")
    page.locator("#records tr", has_text="POST /api/token/").locator("button").click()
    page.locator("#close").click()
    expect_verdict(page, "200 OK", why="The password is right")
    show(page, "recorder")
    page.locator("#records tr", has_text="Python requests").locator("button").click()
    page.locator("#close").click()
    expect_verdict(page, "401", "Token is invalid", "not a token that can be read", "parts")
    show(page, "wire")
    expect(page.locator("#wire-shown")).to_contain_text("Another client sent this request")


def test_a_clock_that_is_wrong_is_named(server, open_page):
    page = open_page(server)
    page.clock.install(time=datetime.now(UTC) - timedelta(minutes=10))
    page.reload()
    log_in(page)
    expect(page.locator("#notice")).to_contain_text(
        re.compile("Your clock is (10|9) min .* behind the server's")
    )
    expect(page.locator("#lives .access .countdown")).to_have_text(re.compile(r"^(5 min 0|4 min \d+) s$"))


def test_a_server_that_hangs_is_waited_for_and_named(lab, open_page, database):
    with lab() as server:
        page = open_page(server)
        log_in(page)
        os.kill(server.process.pid, signal.SIGSTOP)
        try:
            press(page, "protected")
            expect(page.locator("#connection")).to_have_text("Waiting for the server …")
            expect(page.locator("#verdict")).to_contain_text("Waiting for the server …")
            expect(page.locator("[data-do=protected]")).to_have_attribute("aria-disabled", "true")
            # A second click sends nothing.
            page.evaluate("document.querySelector('[data-do=protected]').click()")
            expect(page.locator("#verdict")).to_contain_text("◇ Timed out", timeout=15_000)
            expect(page.locator("#verdict .why")).to_contain_text("within 10 seconds")
            expect(page.locator("#connection")).to_have_attribute("data-state", "lost")
            expect(page.locator("#lanes g.mark")).to_have_count(2)
        finally:
            os.kill(server.process.pid, signal.SIGCONT)
        press(page, "protected")
        expect_verdict(page, "200 OK")
        expect(page.locator("#connection")).to_have_attribute("data-state", "open")


def test_a_giant_token_is_masked_in_one_pass(server, open_page):
    """Each letter is looked at a bounded number of times; a pattern tried at every place took minutes."""
    program = """async (length) => {
        const { mask } = await import("/lab/assets/jwt.js");
        const part = "a".repeat(length);
        return [mask(part).length, mask(`${part}.${part}.${part}`), mask("." .repeat(length)).length];
    }"""
    page = open_page(server)
    assert page.evaluate(program, 2_000_000) == [2_000_000, ".".join(["aaaaa…aaaa"] * 3), 2_000_000]


def test_a_long_name_does_not_widen_the_page(lab, open_page, database):
    import sqlite3

    with sqlite3.connect(database.removeprefix("sqlite:///")) as shop:
        shop.execute("UPDATE api_user SET username = ? WHERE username = 'ada'", ("a" * 150,))
    shop.close()
    with lab() as server:
        page = open_page(server)
        page.locator("[name=username]").fill("a" * 150)
        page.locator("[name=password]").fill("test")
        page.locator("[form=login]").click()
        expect_verdict(page, "200 OK")
        press(page, "protected")
        expect_recorded(page, "a" * 20)
        for view in ("recorder", "history", "wire", "tokens"):
            show(page, view)
            assert page.evaluate("document.documentElement.scrollWidth") <= 1280
            assert page.evaluate("document.querySelector('#panel').scrollWidth") <= 1280
            page.locator("#close").click()


def test_what_is_copied_works_elsewhere(server, open_page):
    page = open_page(server, permissions=["clipboard-read", "clipboard-write"])
    copied = {}
    for name in ("login", "protected"):
        log_in(page) if name == "login" else press(page, "protected")
        expect(page.locator("#verdict")).to_contain_text(
            "access token 1" if name == "protected" else "two tokens"
        )
        show(page, "wire")
        for kind in ("curl", "requests", "powershell", "http"):
            page.locator(f"[data-copy={kind}]").click()
            contains = "your password" if name == "login" else "your token"
            expect(page.locator("#announcer")).to_contain_text(f"It contains {contains}")
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


def test_two_tabs_race_a_refresh(server, open_page):
    first, second = open_page(server), open_page(server)
    with first.expect_response("**/api/token/") as waiting:
        log_in(first)
    paste(second, waiting.value.json()["refresh"], "refresh")
    # Without waiting for the first answer the second click is sent.
    for page in (first, second):
        page.evaluate("document.querySelector('[data-do=refresh]').click()")
    for page in (first, second):
        expect_verdict(page, "200 OK", why="signed a new access token")
        show(page, "recorder")
        expect(page.locator("#records tr", has_text="POST /api/token/refresh/")).to_have_count(2)
    tokens = first.locator(
        "#records tr:has-text('POST /api/token/refresh/') td:nth-child(7)"
    ).all_inner_texts()
    assert len(set(tokens)) == 1


def test_the_recorder_shows_other_clients_and_filters_them(server, open_page, log_in, picture):
    page = open_page(server)
    for name in ("ada", "grace"):
        header = {"Authorization": f"Bearer {log_in(server.url, name)['access']}"}
        requests.get(f"{server.url}/user-orders/", headers=header, timeout=5)
        requests.get(f"{server.url}/orders/", headers=header | {"User-Agent": "curl/8.0"}, timeout=5)
    show(page, "recorder")
    for text in ("Python requests · 127.0.0.1", "curl · 127.0.0.1", "grace", "GET /orders/", "403"):
        expect(page.locator("#records tbody")).to_contain_text(text)
    expect(page.locator("#sequence svg")).to_contain_text("GET /user-orders/")
    picture(page, "token_lab_recorder")
    page.locator("#by-user").select_option("grace")
    page.locator("#by-client").select_option("curl · 127.0.0.1")
    expect(page.locator("#records tbody tr")).to_have_count(1)
    expect(page.locator("#sequence .pair")).to_have_count(1)
    expect(page.locator("#records tbody tr")).to_contain_text("You do not have permission")
    page.locator("#by-user").select_option("")
    page.locator("#by-client").select_option("")
    page.locator("#refusals").check()
    expect(page.locator("#records tbody tr")).to_have_count(2)
    page.locator("#pause").click()
    page.locator("#refusals").uncheck()
    expect(page.locator("#records tbody tr")).to_have_count(2)
    page.locator("#pause").click()
    expect(page.locator("#records tbody tr")).to_have_count(7)


def test_a_server_that_stops_and_starts_again_loses_nothing(lab, open_page, process, address, database):
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{free_port()}"]

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
        expect(page.locator("#connection")).to_contain_text("The server is not responding")
        press(page, "protected")
        expect_verdict(page, "◇ No response", why="the server is not running")
        server = start()
        # The page may connect at any moment: what came before that must reach it, too.
        requests.get(f"{server.url}/products/info/", timeout=5)
        expect(page.locator("#connection")).to_have_attribute("data-state", "open")
        expect_recorded(page, "GET /products/info/", "POST /api/token/")
        press(page, "protected")
        expect_verdict(page, "200 OK")
        expect(page.locator("#lives .access h3")).to_have_text("access token 1")
        show(page, "recorder")
        expect(page.locator("#records tr", has_text="POST /api/token/")).to_have_count(1)
    finally:
        server.kill()
        server.communicate()


def test_of_a_thousand_requests_the_page_draws_the_newest(server, open_page):
    """What keeps the page quick is that it draws a hundred, however many there are."""
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
    show(page, "recorder")
    expect(page.locator("#count")).to_contain_text("100 of 1001 shown")
    expect(page.locator("#records tbody tr")).to_have_count(100)
    page.locator("#by-client").select_option("Python requests · 127.0.0.1")
    expect(page.locator("#count")).to_contain_text("100 of 1000 shown")
    expect(page.locator("#records tbody tr")).to_have_count(100)


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
            expect(page.locator("#lives .refresh h3")).to_have_text("refresh token 2")
            expect(page.locator("#lanes path.arrow")).to_have_count(2)
            press(page, "logout")
            expect_verdict(page, "200 OK", why="The refresh token is revoked")
            press(page, "protected")
            expect_verdict(page, "200 OK", why="knows who you are")
            press(page, "refresh")
            expect_verdict(page, "401", "Token is blacklisted", "was revoked", gate="times")
        finally:
            server.kill()
