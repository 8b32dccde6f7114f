"""Notebooks in a real browser, served as files: what cannot run there, what is kept over a reload, and taken home."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.in_a_tab.notebook_page import SLOW, all_shown, run_cell, run_to
from workshop import paths
from workshop.learner import manifest

pytestmark = pytest.mark.timeout(600)

# What of the notebooks does not run in a tab, and why. Everything else does, but for the steps whose step.toml says
# `own_machine`, and the checks of those that say `check_elsewhere`.
CANNOT = {
    ("04_refresh", "ThreadPoolExecutor"): "a tab has no threads",
    ("08_reuse_detection", "Race("): "a tab has no threads, and so no two requests at once",
    ("10_attacks", "more_attacks"): "a tab has no OpenSSL, and a key in a header is half of a key pair",
    ("10_attacks", "AttackMatrix("): "the same: three of its attacks are made with key pairs",
}
NEEDS_MORE = re.compile(
    r"ThreadPoolExecutor|Race\(|subprocess|import socket|multiprocessing|cryptography|more_attacks|AttackMatrix\("
)
REFUSES = """() => new Promise((resolve) => {
  const opening = indexedDB.open("of the test", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("bytes");
  opening.onerror = () => resolve(true);
  opening.onsuccess = () => {
    const writing = opening.result.transaction("bytes", "readwrite");
    writing.objectStore("bytes").put(new Uint8Array(100_000), 0);
    writing.oncomplete = () => resolve(false);
    writing.onabort = () => resolve(true);
  };
})"""
STARTED = "A server of your copy answers at"
WRITTEN = "work/client/first_calls.py: "
OTHER_TAB = "Another tab of this browser has put its work/ into work.zip"


def test_what_cannot_run_is_said_at_its_cell_and_the_cells_above_have_run(opened, lab):
    page = run_to(opened("solved_10_attacks"), "runs only on a machine of your own")
    text = "\n".join(page.locator(".jp-OutputArea").all_inner_texts())
    assert "A browser's tab has no OpenSSL, and so no key pairs" in text
    solved = page.get_by_role("link", name="/solutions/10_attacks/notebook.ipynb/").first
    expect(solved).to_have_attribute("href", lab.removesuffix("lab") + "solutions/10_attacks/notebook.ipynb/")
    assert "{'none': 401, 'None': 200, 'NONE': 200, 'nOnE': 200}" in text
    assert "[200, 200]" in text  # a file's content was the key
    assert "Traceback" not in text


def test_a_tab_closed_in_the_middle_a_reload_and_a_new_kernel_lose_nothing(
    opened, lab, tmp_path, workshop, work
):
    run_to(opened("solved_00_meet_the_server"), WRITTEN).close()
    page = opened("00_meet_the_server")  # another Python, the same storage
    run_to(page, "already holds your version")
    assert "00_meet_the_server: passed" in all_shown(page)
    with page.expect_popup() as lesson:
        page.locator(".jp-RenderedMarkdown a:visible", has_text="lessons/").first.click()
    assert lesson.value.url == lab.removesuffix("lab") + "lessons/00_meet_the_server/"
    leads_on(page, lab)
    taken = taken_home(page, tmp_path)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).first.click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    run_cell(page, 0, STARTED)
    assert "work/ is ready" not in page.locator(".jp-OutputArea").first.inner_text()  # it was brought back
    page.goto(f"{lab}/lab/index.html")
    expect(page.get_by_text("work.zip", exact=True)).to_be_visible()  # the list of files has it as well
    brought = workshop("start", FROM=str(taken))
    assert brought.stdout == "work/ is as it was in the tab, at step 00_meet_the_server. Now: make check\n"
    brought, answer = (
        place / "client/first_calls.py" for place in (work, manifest.steps()[0].folder / "answer")
    )
    assert brought.read_text().strip() == answer.read_text().strip()


def leads_on(page, lab):
    """The links under a check that passed open the page of the answer and the next notebook."""
    leads = {
        "Other right answers": lab.removesuffix("lab") + "solutions/00_meet_the_server/",
        "Next: step 01": f"{lab}/notebooks/index.html?path=01_token_pair.ipynb",
    }
    for name, address in leads.items():
        with page.expect_popup() as opened:
            page.get_by_role("link", name=name).click()
        assert opened.value.url == address
        opened.value.close()


def taken_home(page, folder):
    """The file behind the link under the check."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download work.zip").last.click()
    download.value.save_as(folder / "work.zip")
    return folder / "work.zip"


def test_the_hints_and_the_way_to_the_answer_need_no_terminal(opened, lab):
    page = opened("writing")
    run_cell(page, 0, STARTED)
    page.locator(".jp-CodeCell").nth(2).locator(".cm-content").fill("for _ in range(3):\n    hint()")
    run_cell(page, 2, "That was the last hint.")
    told = page.locator(".jp-CodeCell").nth(2).locator(".jp-OutputArea")
    expect(told).to_contain_text("Hint 1 of 3 for 00_meet_the_server: ")
    answer = told.get_by_role("link").last
    expect(answer).to_have_attribute("href", lab.removesuffix("lab") + "solutions/00_meet_the_server/")


def test_the_list_of_what_cannot_run_is_whole():
    found = {
        (path.stem, word)
        for step in manifest.steps()
        if not step.own_machine
        for path in step.notebooks
        for word in NEEDS_MORE.findall(path.read_text(encoding="utf-8"))
    }
    assert found == set(CANNOT), f"See {paths.shown(Path(__file__))}"


def test_the_steps_that_need_a_machine_are_those_whose_checks_need_more_than_a_tab_has():
    lacking = re.compile(r"^from (cryptography|workshop\.servers\.shipped)", re.M)
    needing = [step for step in manifest.steps() if lacking.search(step.checks.read_text(encoding="utf-8"))]
    assert [step for step in manifest.steps() if step.own_machine or step.check_elsewhere] == needing
    assert [step.number for step in needing if step.check_elsewhere] == ["10"]
    assert [step.number for step in needing if step.own_machine] == ["11", "12"]


def test_an_old_browser_goes_to_a_page_that_says_what_to_do(context, lab):
    page = context.new_page()
    page.add_init_script("delete window.WebAssembly")
    page.goto(f"{lab}/notebooks/index.html?path=00_meet_the_server.ipynb", wait_until="commit")
    page.wait_for_url(f"{lab}/old_browser.html")
    expect(page.get_by_role("alert")).to_contain_text(
        "This browser is too old to run Python in a page. Update it"
    )


def test_a_full_storage_is_said_and_the_link_below_takes_the_work_home(opened, context, address, tmp_path):
    page = opened("writing")
    context.new_cdp_session(page).send(
        "Storage.overrideQuotaForOrigin", {"origin": address, "quotaSize": 1_000}
    )
    while not page.evaluate(REFUSES):  # the browser goes by what it knew for some seconds more
        page.wait_for_timeout(1_000)
    run_cell(page, 0, "The browser does not keep your files (its storage is full)")
    run_cell(page, 1, "Download work.zip")
    expect(page.get_by_text("The browser does not keep your files")).to_have_count(1)  # said once
    with page.expect_download() as download:
        page.locator(".jp-CodeCell").nth(1).get_by_text("Download work.zip").click()
    assert download.value.suggested_filename == "work.zip"
    assert zipfile.ZipFile(download.value.path()).read("client/first_calls.py") == b"# mine\n"
    run_cell(page, 2, "[404]")  # the notebook goes on


def test_two_tabs_on_a_step_lose_nothing_and_clicks_and_cells_meet_in_one_recorder(opened):
    one, other = opened("writing"), opened("writing")
    for page in (one, other):
        run_cell(page, 0, STARTED)
    run_cell(one, 1, WRITTEN)
    run_cell(other, 1, WRITTEN)
    # The tab that wrote second says so: which of them that is depends on how soon the browser said that it has room.
    while not any(page.get_by_text(OTHER_TAB).count() for page in (one, other)):
        one.wait_for_timeout(500)
    one.get_by_text("The Token Lab of this server").click()
    lab = one.frame_locator("iframe").frame_locator("iframe")
    lab.locator("[data-account=ada]").click(timeout=SLOW)
    expect(lab.locator("#verdict")).to_contain_text("200 OK", timeout=SLOW)
    run_cell(one, 2, "[404]")  # a request of the notebook's
    lab.locator("[data-panel=recorder]").click()
    records = lab.locator("#records")
    expect(records).to_contain_text("/api/token/", timeout=SLOW)
    expect(records).to_contain_text("/products/999/", timeout=SLOW)
