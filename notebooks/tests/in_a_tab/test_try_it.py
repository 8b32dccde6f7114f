"""*Try it now* in a real browser: the Token Lab and its server in one tab, served as files."""

import os
import shutil

import pytest
from playwright.sync_api import expect

from tests.in_a_tab.token_lab import call, log_in, wait_until_the_token_has_died

SLOW = 60_000  # milliseconds
NO_WEBASSEMBLY = "delete window.WebAssembly"
MEMORY = "caches.open('memory of Try it now')"
KEPT = f"async () => (await (await {MEMORY}).keys()).length"
# Its 17th byte is one of the version of Python that wrote it.
OF_ANOTHER_VERSION = f"""async () => {{
    const cache = await {MEMORY};
    const [name] = await cache.keys();
    const memory = new Uint8Array(await (await cache.match(name)).arrayBuffer());
    memory[16] ^= 1;
    await cache.put(name, new Response(memory));
}}"""
NO_SERVICE_WORKER = "delete Navigator.prototype.serviceWorker"  # as in a private window, or over plain HTTP
DENIED = "new DOMException('denied', 'SecurityError')"  # where a site may keep nothing
REFUSED = f"ServiceWorkerContainer.prototype.register = () => Promise.reject({DENIED})"
KEEPS_NOTHING = f"Object.defineProperty(self, 'caches', {{get() {{ throw {DENIED} }}}});"


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture
def open_lab(context, address):
    """Open the page in a tab of its own, and wait for the Token Lab in it."""

    def run(query=""):
        page = context.new_page()
        page.goto(f"{address}/try/{query}")
        lab = page.frame_locator("iframe")
        expect(lab.locator("#connection")).to_have_attribute("data-state", "open", timeout=SLOW)
        return lab

    return run


@pytest.fixture
def starts(context):
    """What the servers of this browser said when they were started."""
    said = []
    context.on("console", lambda message: said.append(message.text))
    return lambda: [text for text in said if "Starting development server" in text]


@pytest.mark.parametrize(
    ("lacking", "says"),
    [
        (NO_WEBASSEMBLY, "This browser is too old"),
        (NO_SERVICE_WORKER, "an ordinary window, not a private one"),
        (REFUSED, "an ordinary window, not a private one"),
    ],
)
def test_a_browser_that_cannot_is_told_what_to_do(page, address, lacking, says):
    page.add_init_script(lacking)
    page.goto(f"{address}/try/")
    expect(page.locator("#state")).to_contain_text(says)
    lessons = page.get_by_role("link", name="the lessons")
    expect(lessons).to_have_attribute("href", "../lessons/")
    expect(page.get_by_role("link", name="start page", exact=True)).to_have_attribute("href", "../")
    page.wait_for_timeout(3_000)  # a server that was begun says nothing over it
    expect(page.locator("#state")).to_contain_text(says)
    assert page.locator("iframe").count() == 0


def test_without_javascript_the_page_says_what_it_needs(browser, address):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/try/")
        expect(page.locator("#state")).to_contain_text("This page needs JavaScript")


def test_a_setting_that_cannot_be_used_is_said_in_the_servers_words(page, address):
    page.goto(f"{address}/try/?access=0")
    expect(page.locator("#state")).to_contain_text(
        "JWT_ACCESS_SECONDS is '0'. Set it to a positive number of seconds", timeout=SLOW
    )


def test_a_file_that_does_not_come_is_named(page, site, address):
    shutil.copytree(site / "try", site / "lacking", copy_function=os.link)
    (site / "lacking/server.zip").unlink()
    page.goto(f"{address}/lacking/")
    expect(page.locator("#state")).to_contain_text("server.zip could not be loaded: 404", timeout=SLOW)


def test_a_token_dies_in_the_tab_and_is_refreshed(open_lab):
    lab = open_lab("?access=3&refresh=60")
    log_in(lab)
    call(lab, "200 OK")
    wait_until_the_token_has_died(lab)
    call(lab, "401 Unauthorized")
    expect(lab.locator("#verdict")).to_contain_text("Token is expired")
    lab.locator("[data-do=refresh]").click()
    expect(lab.locator("#verdict")).to_contain_text("POST /api/token/refresh/")
    call(lab, "200 OK")
    lab.locator("[data-do=tamper][data-part=payload]").click()
    expect(lab.locator("#verdict")).to_contain_text("Token is invalid")


def test_two_tabs_have_two_servers_and_a_closed_one_says_so(context, open_lab):
    one, other = open_lab(), open_lab()
    for lab, name in ((one, "ada"), (other, "grace")):
        log_in(lab, name)
        call(lab, "200 OK")
    other.locator("[data-panel=recorder]").click()
    expect(other.locator("#records")).to_contain_text("grace")
    expect(other.locator("#records")).not_to_contain_text("ada")
    first = context.pages[0]
    place = first.frames[1].url
    first.close()
    page = context.new_page()
    page.goto(place)
    expect(page.locator("body")).to_contain_text("The server of this page ended with its tab.")


def test_a_later_visit_goes_on_with_a_server_that_no_request_has_seen(open_lab, context, starts):
    first = open_lab("?access=3&refresh=60")
    log_in(first, "grace")
    context.pages[-1].wait_for_function(KEPT)
    lab = open_lab("?access=3&refresh=60")
    assert len(starts()) == 1
    log_in(lab)
    call(lab, "200 OK")
    wait_until_the_token_has_died(lab)
    call(lab, "401 Unauthorized")
    lab.locator("[data-panel=recorder]").click()
    expect(lab.locator("#records")).to_contain_text("ada")
    expect(lab.locator("#records")).not_to_contain_text("grace")


def test_a_memory_with_other_lifetimes_is_not_used(open_lab, context, starts):
    open_lab()
    context.pages[-1].wait_for_function(KEPT)
    lab = open_lab("?access=3&refresh=60")
    assert len(starts()) == 2
    log_in(lab)
    wait_until_the_token_has_died(lab)


def test_a_memory_of_another_version_is_replaced(open_lab, context, starts):
    open_lab()
    page = context.pages[-1]
    page.wait_for_function(KEPT)
    page.evaluate(OF_ANOTHER_VERSION)
    log_in(open_lab())
    assert len(starts()) == 2


def test_a_browser_that_keeps_nothing_starts_the_server_all_the_same(open_lab, context):
    def keeping_nothing(route):
        route.fulfill(response=(response := route.fetch()), body=KEEPS_NOTHING + response.text())

    context.route("**/server_worker.js", keeping_nothing)
    log_in(open_lab())


def test_python_comes_past_the_service_worker(open_lab, context):
    responses = []
    context.on("response", lambda response: responses.append(response))
    open_lab()
    open_lab()
    brought = {response.url for response in responses if response.from_service_worker}
    assert any("/try/tab/" in url for url in brought)
    assert [url for url in brought if "/try/tab/" not in url] == []
    assert sum(response.url.endswith(".wasm") for response in responses) == 2


def test_only_the_service_worker_lets_the_page_lie_in_a_frame(open_lab, context):
    open_lab()
    frame = context.pages[-1].frames[1]
    policy = frame.evaluate("fetch('/').then((response) => response.headers.get('Content-Security-Policy'))")
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'self'")


def test_json_nested_too_deeply_is_a_400_and_ends_no_server(open_lab, context):
    lab = open_lab()
    body = "'['.repeat(40_000) + ']'.repeat(40_000)"
    request = f"{{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {body}}}"
    status, said = (
        context.pages[-1]
        .frames[1]
        .evaluate(
            f"fetch('api/token/', {request}).then(async (response) => [response.status, await response.json()])"
        )
    )
    assert (status, said["code"]) == (400, "nested_too_deeply")
    log_in(lab)
