"""What the tests of the built site share: the site, a plain server of files, a browser that notes whom it asks, notebooks."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from testkit import browsers, files, machine
from tests.each_notebook import notebooks_of
from tests.in_a_tab.notebook_page import all_shown, run_all
from tests.in_a_tab.whole import WHOLE
from workshop import paths
from workshop.authoring import generated
from workshop.authoring.site.try_it import build_try
from workshop.learner import manifest

browser = browsers.browser
SLOW = 60_000  # milliseconds: a tab compiles Python first, on a machine that does other things besides
WRITING = [  # a notebook of the tests: it begins a step, writes as a learner would, and asks
    'import requests\n\nfrom workshop.notebook import open_step\n\nserver = open_step("00")',
    "%%edit client/first_calls.py\n# mine\n",
    'print([requests.get(f"{server.url}/products/999/").status_code])',
]


@pytest.fixture(scope="session")
def need():
    return machine.need


@pytest.fixture(scope="session")
def can_build(need):
    """Skip where npm's part is missing."""
    need(shutil.which("node"), "Node.js is not installed, and it compiles the tab's Python.")
    need((paths.ROOT / "node_modules/pyodide").exists(), "Pyodide is not installed: run npm ci in the clone.")


@pytest.fixture(scope="session")
def site(can_build, tmp_path_factory) -> Path:
    """A folder for what the tests build, inside it `try/`."""
    place = tmp_path_factory.mktemp("site")
    build_try(place / "try")
    return place


@pytest.fixture(scope="session")
def address(site):
    """Where a plain server of files serves the site."""
    with files.served(site) as address:
        yield address


@pytest.fixture
def context(browser, address):
    """A browser profile of the test's own. In the end, nobody but the server of files was asked for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(SLOW)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith((f"{address}/", "data:", "blob:"))] == []


@pytest.fixture(scope="session")
def lab(need, site, address):
    """The address of JupyterLite with every notebook, and solved besides each that can run there."""
    need(find_spec("jupyterlite_core"), "JupyterLite is not installed (the packages of the extra `site`).")
    from workshop.authoring.site.notebooks import build_notebooks

    cases = [*WHOLE, *notebooks_of([manifest.find("10")])]
    more = {f"solved_{path.name}": solved(step, path) for step, path, _ in cases}
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
