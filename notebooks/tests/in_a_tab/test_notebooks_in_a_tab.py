"""The notebooks in a real browser, served as files: solved, checked, kept over a reload, and taken home."""

import re
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from workshop import paths
from workshop.authoring import generated
from workshop.learner import check_work, manifest

SLOW = 500_000  # milliseconds, for a whole notebook on a machine that does other things besides
FIRST = [(step, *both) for step in manifest.steps()[:4] for both in step.solved_notebooks.items()]
pytestmark = pytest.mark.timeout(600)

# What of the notebooks does not run in a tab, and why. Everything else does.
CANNOT = {
    ("04_refresh", "ThreadPoolExecutor"): "a tab has no threads",
    ("08_reuse_detection", "Race("): "a tab has no threads, and so no two requests at once",
}
NEEDS_MORE = re.compile(r"ThreadPoolExecutor|Race\(|subprocess|import socket|multiprocessing")


@pytest.fixture(scope="module")
def lab(need, site, address):
    """The address of JupyterLite with every notebook, and with the first ones solved besides."""
    need(find_spec("jupyterlite_core"), "JupyterLite is not installed (the packages of the extra `site`).")
    from workshop.authoring.site.notebooks import build_notebooks

    build_notebooks(site / "lab", {f"solved_{path.name}": solved(step, path) for step, path, _ in FIRST})
    return f"{address}/lab"


def solved(step, notebook):
    return nbformat.writes(generated.solved(step, notebook))


@pytest.fixture
def run(context, lab):
    """Run a whole notebook in a tab of its own. Gives what its cells showed."""

    def shown(name):
        page = context.new_page()
        page.goto(f"{lab}/notebooks/index.html?path={name}.ipynb")
        page.locator(".jp-CodeCell").first.wait_for()
        page.get_by_text("Python (Pyodide)").first.wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        last = page.locator(".jp-CodeCell .jp-InputPrompt", has_text=re.compile(r"\[\d+\]")).last
        page.wait_for_function(ALL_RAN, timeout=SLOW)
        assert last.is_visible()
        text = "\n".join(page.locator(".jp-OutputArea").all_inner_texts())
        page.wait_for_timeout(1_000)  # for the file that is written after the last cell
        return text

    return shown


ALL_RAN = """() => {
  const cells = [...document.querySelectorAll(".jp-CodeCell")].filter((cell) => cell.querySelector(".cm-content").innerText.trim());
  return cells.length > 0 && cells.every((cell) => /\\[\\d+\\]/.test(cell.querySelector(".jp-InputPrompt").innerText));
}"""


@pytest.mark.parametrize(
    ("step", "notebook"), [each[:2] for each in FIRST], ids=[path.stem for _, path, _ in FIRST]
)
def test_a_solved_notebook_passes_its_checks_in_the_tab(run, step, notebook):
    text = run(f"solved_{notebook.stem}")
    assert f"{step.stem}: passed" in text
    assert not re.search("Traceback|not yet|not started|broken", text)


def test_what_was_written_survives_a_reload_and_goes_home_in_a_file(
    run, context, lab, tmp_path, workshop, work
):
    assert "00_meet_the_server: passed" in run("solved_00_meet_the_server")
    text = run("00_meet_the_server")  # another tab of the same browser: another Python, the same storage
    assert "already holds your version" in text
    assert "00_meet_the_server: passed" in text
    page = context.new_page()
    page.goto(f"{lab}/lab/index.html")
    page.get_by_text("work.zip", exact=True).click(button="right")
    with page.expect_download() as download:
        page.get_by_text("Download", exact=True).click()
    download.value.save_as(tmp_path / "work.zip")
    brought = workshop("start", FROM=str(tmp_path / "work.zip"))
    assert brought.stdout == "work/ is as it was in the tab, at step 00_meet_the_server. Now: make check\n"
    assert check_work.check_work(manifest.steps()[0]).passed


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
    assert [step.number for step in needing] == ["10", "11", "12"]
    assert [step for step in manifest.steps() if step.own_machine] == needing
