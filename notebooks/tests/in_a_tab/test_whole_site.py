"""A person with only a browser: the whole built site, walked from its start page through steps 00 to 03 to *Try it now*."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import nbformat
import pytest
from playwright.sync_api import expect

from testkit import files
from tests.in_a_tab.notebook_page import all_shown, run_all
from tests.in_a_tab.token_lab import call, log_in, wait_until_the_token_has_died
from tests.in_a_tab.whole import LEFT_OUT, WALKED, asks_for_check
from workshop.authoring import generated
from workshop.authoring.site.build import build

pytestmark = pytest.mark.timeout(900)

STEPS = list(dict.fromkeys(step for step, _, _ in WALKED))
# Milliseconds, until a page of the tab has begun, on a machine that does other things besides.
START = 120_000


@contextmanager
def way_out():
    """A proxy that stands on the way to every other host, lets nothing pass, and notes what was asked: also by a worker."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.requestline)
            self.send_error(403)

        do_POST = do_HEAD = do_CONNECT = do_OPTIONS = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_words):
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def whole_site(can_build, tmp_path_factory):
    """Where a plain server of files serves what `make site` builds."""
    with files.served(build(tmp_path_factory.mktemp("whole") / "site")) as address:
        yield address


@pytest.fixture
def visitor(browser, whole_site):
    """A browser that knows nothing yet. In the end it has asked the server of files, and nobody else."""
    with way_out() as (proxy, beyond):
        context = browser.new_context(proxy={"server": proxy, "bypass": "127.0.0.1"})
        context.set_default_timeout(START)
        asked = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(f"{whole_site}/")
        yield page
        context.close()
    assert {url for url in asked if not url.startswith((f"{whole_site}/", "data:", "blob:"))} == set()
    assert beyond == []


def test_the_way_out_is_watched(browser):
    with way_out() as (proxy, beyond), browser.new_context(proxy={"server": proxy}) as context:
        context.new_page().goto("http://elsewhere.example/")
        assert beyond == ["GET http://elsewhere.example/ HTTP/1.1"]


def test_steps_00_to_03_are_passed_and_a_token_dies_with_nothing_but_a_browser(visitor):
    start = visitor.url
    visitor.locator("a[href*='lessons/00_meet_the_server']", has_text="lesson").click()
    for step in STEPS:
        expect(visitor.get_by_role("heading", level=1)).to_contain_text(step.number)
        buttons = visitor.get_by_role("link", name="Run this step")
        assert buttons.count() == len(step.notebooks)
        for button, notebook in zip(buttons.all(), step.notebooks, strict=True):
            solve(visitor, button, step, notebook)
        visitor.locator(".md-footer__link--next").click()
    visitor.goto(start)
    visitor.get_by_role("link", name="Try it now").click()
    lab = visitor.frame_locator("iframe")
    expect(lab.locator("#connection")).to_have_attribute("data-state", "open", timeout=START)
    log_in(lab)
    call(lab, "200 OK")
    wait_until_the_token_has_died(lab)
    call(lab, "401 Unauthorized")
    expect(lab.locator("#verdict")).to_contain_text("Token is expired")
    visitor.get_by_role("link", name="Start page").click()
    visitor.wait_for_url(start)


def solve(visitor, button, step, notebook):
    """Open the notebook in a tab beside the lesson, write the answers into it, run it, and close the tab."""
    with visitor.context.expect_page() as opened:
        button.click(modifiers=["Control"])
    page = opened.value
    page.get_by_text("Python (Pyodide)").first.wait_for(state="attached")
    write_answers(page, step, notebook)
    run_all(page)
    shown = all_shown(page)
    page.close()
    assert (f"{step.stem}: passed" in shown) == asks_for_check(notebook)
    assert LEFT_OUT.get(step.number, "") in shown
    assert not re.search("Traceback|not yet|not started|broken", shown)


def write_answers(page, step, notebook):
    """Type what differs between the notebook and its solution, cell by cell."""
    both = zip(
        codes(nbformat.read(notebook, as_version=4)), codes(generated.solved(step, notebook)), strict=True
    )
    for place, (stub, answer) in enumerate(both):
        if answer != stub:
            page.locator(".jp-CodeCell").nth(place).locator(".cm-content").fill(answer)


def codes(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]
