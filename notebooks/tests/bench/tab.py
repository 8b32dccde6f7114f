"""What a visitor of the site waits for, in a real browser: the first token of *Try it now*, and `check()` of a notebook."""

import functools
import gzip
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, BrowserContext
from rich.console import Console

from testkit import browsers
from testkit.files import served
from testkit.measure import compared
from workshop import paths
from workshop.authoring import generated
from workshop.authoring.site.try_it import PYODIDE, build_try
from workshop.learner import check_work, planned, work

TOOK = re.compile(r"check\(\) took [\d.]+ s")  # the cell's own words have no figure
SLOW = 600_000  # milliseconds
STEP = "00"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
TIMED = "import time\nbegan = time.perf_counter()\ncheck()\nprint(f'check() took {time.perf_counter() - began} s')"


def main(console: Console, runs: int) -> None:
    """Print the tables; a sentence in their place where the machine cannot build or show the site."""
    if not (browsers.find() and shutil.which("node") and PYODIDE.exists()):
        return console.print(
            "The tab was not measured: that needs Chromium, Node.js, and npm ci in the clone."
        )
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as url,
        browsers.launched() as browser,
        tempfile.TemporaryDirectory() as profile,
        browser.browser_type.launch_persistent_context(
            profile, executable_path=browsers.find(), args=browsers.QUIET
        ) as known,
    ):
        build_try(Path(folder) / "try")
        first_token(Path(folder), url, lambda: known)
        visits = {"a first visit": browser.new_context, "a later visit": lambda: known}
        visits = {
            name: functools.partial(first_token, Path(folder), url, visit) for name, visit in visits.items()
        }
        console.print(compared("Try it now, in Chromium", visits, [seconds], runs))
        if find_spec("jupyterlite_core"):
            build_lab(Path(folder) / "lab")
            places = {
                "on this machine": check_here,
                "in a tab": functools.partial(check_in_a_tab, url, browser),
            }
            console.print(compared("check() of step 00, solved", places, [seconds], runs))


def seconds(measured: Callable[[], dict[str, float]]) -> dict[str, float]:
    return measured()


def first_token(folder: Path, url: str, visit: Callable[[], BrowserContext]) -> dict[str, float]:
    """From the address to the response with the first token, and what came over the wire for it."""
    page, asked = visit().new_page(), set()
    page.context.on("request", lambda request: asked.add(request.url.removeprefix(url)))
    began = time.perf_counter()
    page.goto(f"{url}/try/")
    lab = page.frame_locator("iframe")
    lab.locator("[data-account=ada]").click(timeout=SLOW)
    lab.locator("#verdict").get_by_text("200 OK").wait_for()
    took = time.perf_counter() - began
    files = [folder / name.lstrip("/") for name in asked if (folder / name.lstrip("/")).is_file()]
    return {
        "first paint, s": page.evaluate(PAINT),
        "first token, s": took,
        "files, MB": sum(file.stat().st_size for file in files) / 1e6,
        "files compressed, MB": sum(len(gzip.compress(file.read_bytes())) for file in files) / 1e6,
    }


def build_lab(out: Path) -> None:
    from workshop.authoring.site.notebooks import build_notebooks

    step = planned.find(STEP)
    notebook = generated.solved(step, step.notebook)
    check = next(cell for cell in notebook.cells if cell.source == "check()")
    check.source = TIMED
    build_notebooks(out, {"timed.ipynb": nbformat.writes(notebook)})


def check_here() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        paths.WORK = Path(folder) / "work"
        step = planned.find(STEP)
        work.solve(step)
        began = time.perf_counter()
        assert check_work.check_work(step).passed
        return {"seconds": time.perf_counter() - began}


def check_in_a_tab(url: str, browser: Browser) -> dict[str, float]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{url}/lab/notebooks/index.html?path=timed.ipynb")
        page.get_by_text("Python (Pyodide)").first.wait_for(timeout=SLOW)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        said = page.get_by_text(TOOK)
        said.wait_for(timeout=SLOW)
        return {"seconds": float(said.inner_text().split()[-2])}
