"""The notebooks in a real browser, served as files: solved, checked, kept over a reload, and taken home."""

import re
import zipfile
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.each_notebook import each_of, notebooks_of
from workshop import paths
from workshop.authoring import generated
from workshop.learner import manifest

SLOW = 500_000  # milliseconds, for a whole notebook on a machine that does other things besides
WHOLE = notebooks_of(  # those that run to their end in a tab, with their checks
    step for step in manifest.steps() if not (step.own_machine or step.check_elsewhere)
)
[TENTH] = notebooks_of([manifest.find("10")])
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
WRITING = [  # a notebook of the tests: it begins a step, writes as a learner would, and asks
    'import requests\n\nfrom workshop.notebook import open_step\n\nserver = open_step("00")',
    "%%edit client/first_calls.py\n# mine\n",
    'print([requests.get(f"{server.url}/products/999/").status_code])',
]
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


@pytest.fixture(scope="module")
def lab(need, site, address):
    """The address of JupyterLite with every notebook, and solved besides each that can run there."""
    need(find_spec("jupyterlite_core"), "JupyterLite is not installed (the packages of the extra `site`).")
    from workshop.authoring.site.notebooks import build_notebooks

    more = {f"solved_{path.name}": solved(step, path) for step, path, _ in [*WHOLE, TENTH]}
    build_notebooks(site / "lab", more | {"writing.ipynb": nbformat.writes(writing())})
    return f"{address}/lab"


def writing():
    cells = [nbformat.v4.new_code_cell(source) for source in WRITING]
    like = nbformat.read(manifest.find("00").notebook, as_version=4)
    return nbformat.v4.new_notebook(cells=cells, metadata=like.metadata)


def solved(step, notebook):
    return nbformat.writes(generated.solved(step, notebook))


@pytest.fixture
def opened(context, lab):
    """Open a notebook in a tab of its own, ready to run."""

    def page_of(name):
        page = context.new_page()
        page.goto(f"{lab}/notebooks/index.html?path={name}.ipynb")
        page.locator(".jp-CodeCell").first.wait_for()
        page.get_by_text("Python (Pyodide)").first.wait_for()
        return page

    return page_of


@pytest.fixture
def run(opened):
    """Run a whole notebook in a tab of its own. Gives what its cells showed."""

    def shown(name):
        page = opened(name)
        run_all(page)
        return all_shown(page)

    return shown


def run_all(page):
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def run_to(page, shows):
    """Run the cells up to the one that shows this. Gives the page."""
    run_all(page)
    page.get_by_text(shows).first.wait_for(timeout=SLOW)
    cell = page.locator(".jp-CodeCell").filter(has=page.get_by_text(shows)).first
    expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=SLOW)
    return page


def all_shown(page):
    """What the cells showed, when all have run."""
    page.wait_for_function(ALL_RAN, timeout=SLOW)
    text = "\n".join(page.locator(".jp-OutputArea").all_inner_texts())
    page.wait_for_timeout(1_000)  # for the file that is written after the last cell
    return text


def run_cell(page, number, shows):
    """Run a cell, and wait for what it shows."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    cell.get_by_text(shows).wait_for(timeout=SLOW)


ALL_RAN = """() => {
  const cells = [...document.querySelectorAll(".jp-CodeCell")].filter((cell) => cell.querySelector(".cm-content").innerText.trim());
  return cells.length > 0 && cells.every((cell) => /\\[\\d+\\]/.test(cell.querySelector(".jp-InputPrompt").innerText));
}"""


def asks_for_check(notebook):
    """The first of a step's two notebooks may not."""
    return "check()" in notebook.read_text(encoding="utf-8")


@each_of(WHOLE[1:])  # step 00 runs below, where its tab is closed in the middle
def test_a_solved_notebook_passes_its_checks_in_the_tab(run, step, notebook, stored):
    text = run(f"solved_{notebook.stem}")
    assert (f"{step.stem}: passed" in text) == asks_for_check(notebook)
    assert not re.search("Traceback|not yet|not started|broken", text)


@each_of(WHOLE)
def test_an_unsolved_notebook_runs_to_its_end_in_the_tab(run, step, notebook, stored):
    text = run(notebook.stem)
    assert text.count("No guess yet.") == text.count("You made no guess") > 0
    assert (f"{step.stem}: not yet" in text) == asks_for_check(notebook)
    assert not re.search(f"{step.stem}: passed|broken", text)


def test_what_cannot_run_is_said_at_its_cell_and_the_cells_above_have_run(opened):
    page = run_to(opened("solved_10_attacks"), "runs only on a machine of your own")
    text = "\n".join(page.locator(".jp-OutputArea").all_inner_texts())
    assert "A browser's tab has no OpenSSL, and so no key pairs" in text
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
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).first.click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    run_cell(page, 0, STARTED)
    assert "work/ is ready" not in page.locator(".jp-OutputArea").first.inner_text()  # it was brought back
    page.goto(f"{lab}/lab/index.html")
    page.get_by_text("work.zip", exact=True).click(button="right")
    with page.expect_download() as download:
        page.get_by_text("Download", exact=True).click()
    download.value.save_as(tmp_path / "work.zip")
    brought = workshop("start", FROM=str(tmp_path / "work.zip"))
    assert brought.stdout == "work/ is as it was in the tab, at step 00_meet_the_server. Now: make check\n"
    brought, answer = (
        place / "client/first_calls.py" for place in (work, manifest.steps()[0].folder / "answer")
    )
    assert brought.read_text().strip() == answer.read_text().strip()


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
    run_cell(page, 0, STARTED)
    run_cell(page, 1, "The browser does not keep your files (its storage is full)")
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
