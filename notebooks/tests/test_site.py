"""The reading site, built once and read in Chromium: nothing comes from another host, every link leads somewhere."""

import re
from importlib.util import find_spec
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from testkit import browsers, files
from testkit.machine import need
from workshop import paths
from workshop.authoring import pages
from workshop.errors import WorkshopError
from workshop.learner import manifest

LINK = re.compile(r'<(?:a|img|link|script)\b[^>]*? (?:href|src)=(?:"([^"]*)"|([^\s>]+))')
ANCHOR = re.compile(r' (?:id|name)=(?:"([^"]*)"|([^\s>]+))')
TAB = "lab/"
browser = browsers.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site."""
    need(find_spec("zensical"), "zensical is not installed. `.venv` with requirements-site.txt has it.")
    need(pages.MERMAID.exists(), "mermaid is not installed. In the repository, `npm ci` installs it.")
    return pages.build_pages(tmp_path_factory.mktemp("site") / "out", tab=TAB)


@pytest.fixture(scope="module")
def address(site):
    """Where a static server shows it."""
    with files.served(site) as address:
        yield address


@pytest.fixture
def page(browser, address):
    """A page of Chromium. In the end it has asked no other host, and nothing that is not there."""
    asked, failed = [], []
    opened = browser.new_page()
    opened.set_default_timeout(30_000)
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("response", lambda answer: answer.status >= 400 and failed.append(answer.url))
    yield opened
    opened.close()
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert failed == []


def refs(file):
    return [first or second for first, second in LINK.findall(file.read_text(encoding="utf-8"))]


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path, monkeypatch):
    lesson = tmp_path / "lessons/a.md"
    lesson.parent.mkdir()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    text = "# A\n\n```text\n[not a link](nowhere.md)\n```\n\n[one](../gone.md)\n"
    with pytest.raises(
        WorkshopError,
        match=re.escape("lessons/a.md: the link ../gone.md leads nowhere: there is no gone.md."),
    ):
        pages.with_links(text, lesson)


def test_without_mermaid_the_build_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "MERMAID", tmp_path / "none.js")
    with pytest.raises(WorkshopError, match="it is not installed: run npm ci"):
        pages.build_pages(tmp_path / "out")


def test_every_link_leads_to_a_page_and_to_a_heading_of_it(site):
    dead, seen = [], 0
    for file in site.rglob("*.html"):
        if file.name == "404.html":
            continue  # it is shown at any address, so its links are from the top
        here = f"http://site/{file.relative_to(site).as_posix().removesuffix('index.html')}"
        for target in refs(file):
            whole = urlsplit(urljoin(here, target))
            if whole.netloc != "site" or whole.path.startswith((f"/{TAB}", "/try/")):
                continue
            seen += 1
            there = site / unquote(whole.path).lstrip("/")
            there = there / "index.html" if there.is_dir() else there
            if not there.is_file():
                dead.append(f"{here}: {target}")
            elif whole.fragment and there.suffix == ".html":
                names = {a or b for a, b in ANCHOR.findall(there.read_text(encoding="utf-8"))}
                if unquote(whole.fragment) not in names:
                    dead.append(f"{here}: {target} has no such heading")
    assert seen > 1000
    assert dead == []


def test_the_start_page_offers_first_what_runs_in_a_tab(site):
    html = (site / "index.html").read_text(encoding="utf-8")
    buttons = re.findall(r'<a class="?md-button[^>]*href="?([^">]+)"?>', html)
    assert buttons == ["try/", f"{TAB}notebooks/index.html?path=00_meet_the_server.ipynb"]
    assert html.index("Try it now") < html.index("make demo")


def test_every_step_has_its_lesson_its_answer_its_solved_notebook_and_a_button_or_a_reason(site):
    for step in manifest.steps():
        runs = {f"lessons/{step.stem}": step.notebooks, f"solutions/{step.stem}": step.notebooks}
        runs |= {paths.shown(done): [notebook] for done, notebook in pages.solved(step).items()}
        runs |= {paths.shown(notebook): [notebook] for notebook in step.notebooks}
        for name, notebooks in runs.items():
            html = (site / name / "index.html").read_text(encoding="utf-8")
            if step.own_machine:
                assert "Run this step on a machine of your own." in html
                assert "md-button" not in html
                continue
            buttons = re.findall(
                r'<a class="?md-button"? href="?([^">]+)"?>Run this step(?:, part \w)?</a>', html
            )
            assert [urljoin(f"http://site/{name}/", button) for button in buttons] == [
                f"http://site/{TAB}notebooks/index.html?path={notebook.name}" for notebook in notebooks
            ]


def test_the_slides_of_every_lesson_are_there_and_a_page_leads_to_them(site):
    page = (site / "slides/index.html").read_text(encoding="utf-8")
    for name in [*(step.stem for step in manifest.steps()), "handout"]:
        assert re.search(rf'href="?{name}\.html"?>', page)
        assert "<section>" in (site / f"slides/{name}.html").read_text(encoding="utf-8")


def test_a_word_is_found_and_leads_to_its_page(page, address):
    page.goto(f"{address}/")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused(timeout=15_000)  # else it loses letters
    page.keyboard.type("blacklist", delay=20)
    first = (
        page.locator("a[href*='07_rotation'], a[href*='glossary'], a[href*='cheat_sheet']")
        .filter(has_text="blacklist")
        .first
    )
    expect(first).to_be_visible(timeout=15_000)


def test_diagrams_are_drawn_and_the_page_can_be_dark(page, address):
    page.goto(f"{address}/lessons/04_refresh/")
    expect(page.locator("pre.mermaid")).to_have_count(0)  # its source is replaced by what is drawn
    assert page.locator("div.mermaid").first.bounding_box()["height"] > 100
    assert page.evaluate("document.body.dataset.mdColorScheme") == "default"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("label[title='Switch to dark']").click()
    page.wait_for_function("document.body.dataset.mdColorScheme === 'slate'")
    page.wait_for_function(f"getComputedStyle(document.body).backgroundColor !== '{light}'")


def test_a_reader_goes_to_the_next_lesson_and_back(page, address):
    page.goto(f"{address}/lessons/03_lifetime/")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(f"{address}/lessons/04_refresh/")
    page.locator(".md-footer__link--prev").click()
    page.wait_for_url(f"{address}/lessons/03_lifetime/")


def test_on_paper_folded_answers_are_open_and_buttons_are_gone(page, address):
    page.goto(f"{address}/lessons/03_lifetime/")
    answer = page.locator("details p").first
    expect(answer).not_to_be_visible()
    page.emulate_media(media="print")
    expect(answer).to_be_visible()
    expect(page.locator("a.md-button").first).not_to_be_visible()
