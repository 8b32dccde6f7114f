"""The Token Lab behind a proxy with a path of its own, as in a hub: `/user/ann/proxy/8000/`."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

PREFIX = "/user/ann/proxy/8000"
COOKIE = "hub-login=ann"
HOP_BY_HOP = ("connection", "transfer-encoding")


class Hub(BaseHTTPRequestHandler):
    """Passes on what is below PREFIX and has the hub's cookie; to a page without it, it gives the cookie."""

    def do_GET(self):
        self.asked.append(self.path)
        if not self.path.startswith(f"{PREFIX}/"):
            return self.refuse(404, "The hub has no such page.")
        if COOKIE not in self.headers.get("Cookie", "") and self.path != f"{PREFIX}/":
            return self.refuse(403, "The hub does not know you.")
        self.pass_on()

    do_POST = do_HEAD = do_GET  # noqa: N815 - http.server's names

    def refuse(self, status, sentence):
        self.refused.append(f"{status} {self.path}")
        self.send_response(status)
        self.send_header("Content-Length", str(len(sentence)))
        self.end_headers()
        self.wfile.write(sentence.encode())

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        upstream = http.client.HTTPConnection(self.server_behind, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        upstream.request(self.command, self.path.removeprefix(PREFIX), body, headers)
        response = upstream.getresponse()
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Set-Cookie", f"{COOKIE}; Path=/user/ann/; HttpOnly")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while piece := response.read1(65_536):
                self.wfile.write(piece)
        except OSError:
            pass  # the browser closed the stream
        upstream.close()

    def log_message(self, *_words):
        """Nothing."""


@pytest.fixture
def hub():
    """Put a hub in front of a server; `refused` and `asked` say what reached it."""
    started = []

    def before(server):
        facts = {"server_behind": urlsplit(server.url).netloc, "asked": [], "refused": []}
        handler = type("Handler", (Hub,), facts)
        proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        proxy.daemon_threads = True
        started.append(proxy)
        threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
        return SimpleNamespace(
            url=f"http://127.0.0.1:{proxy.server_port}{PREFIX}",
            origin=f"http://127.0.0.1:{proxy.server_port}",
            asked=facts["asked"],
            refused=facts["refused"],
        )

    yield before
    for proxy in started:
        proxy.shutdown()
        proxy.server_close()


def test_nothing_is_asked_outside_the_hubs_path(server, hub, open_page):
    front = hub(server)
    page = open_page(front)
    page.locator("[data-account=ada]").click()
    expect(page.locator("#verdict")).to_contain_text("200")
    page.get_by_role("button", name="한").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert page.evaluate("getComputedStyle(document.querySelector('#gates')).display") != "block"
    assert front.refused == []
    assert {f"{PREFIX}/api/token/", f"{PREFIX}/lab/strings/ko/"} <= set(front.asked)
    assert any(path.startswith(f"{PREFIX}/lab/stream/") for path in front.asked)


def test_a_refusal_that_comes_from_the_shop_is_shown_as_the_shops(server, hub, open_page):
    page = open_page(hub(server))
    page.locator("#presented").select_option("none")
    page.locator("[data-do=protected]").click()
    expect(page.locator("#verdict")).to_contain_text("401")
    expect(page.locator("#verdict")).to_contain_text("Authentication credentials were not provided.")


def test_what_is_copied_names_the_address_with_the_hubs_path(server, hub, open_page):
    front = hub(server)
    page = open_page(front, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#presented").select_option("none")
    page.locator("[data-do=protected]").click()
    expect(page.locator("#verdict")).to_contain_text("401")
    page.locator("[data-panel=wire]").click()
    page.locator("[data-copy=curl]").click()
    assert f"'{front.url}/user-orders/'" in page.evaluate("navigator.clipboard.readText()")


def test_without_a_proxy_the_page_sends_no_cookie(server, open_page):
    page = open_page(server)
    page.context.add_cookies([{"name": "sessionid", "value": "somebody", "url": server.url}])
    page.locator("#presented").select_option("none")
    with page.expect_request("**/user-orders/") as asked:
        page.locator("[data-do=protected]").click()
    assert "cookie" not in asked.value.all_headers()
