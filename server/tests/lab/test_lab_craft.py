"""How the Token Lab is made: weight, policy, keyboard, languages, small screens, and axe in every state."""

import base64
import hashlib
import http.client
import re
from io import BytesIO

import pytest
import requests
from playwright.sync_api import expect

from lab import languages

LIMIT = 60_000  # bytes of the whole page on the wire
FIRST_FLIGHT = 14_600  # of them arrive in the first round trip: ten segments
BLOCKING = "performance.getEntriesByType('resource').filter(entry => entry.renderBlockingStatus === 'blocking').map(entry => entry.name)"
STATES = [
    "empty",
    "two tokens",
    "refused",
    "wire",
    "tokens",
    "history",
    "room",
    "forge",
    "paste",
    "server gone",
    "expired",
]
VIEWS = {
    "wide": (1280, 720),
    "phone": (390, 844),
    "zoomed": (640, 360),
}  # 1280 x 720 at 200 % has 640 x 360 CSS pixels
LOOKS = [
    ("en", "wide", {"color_scheme": "light"}),
    ("ko", "wide", {"color_scheme": "dark"}),
    ("en", "phone", {"color_scheme": "dark"}),
    ("ko", "phone", {"color_scheme": "light"}),
    ("en", "zoomed", {"color_scheme": "light"}),
    ("en", "wide", {"forced_colors": "active"}),
]


def test_the_page_weighs_little_and_asks_nobody_else(server, browser):
    context = browser.new_context()
    page = context.new_page()
    asked, finished = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(server.url)
    expect(page.locator("#connection")).to_have_attribute("data-state", "open")
    before = page.content().count('<link rel="modulepreload"')
    loaded = [url for url in asked if url.endswith(".js")]
    page.wait_for_load_state()
    weights = [request.sizes()["responseBodySize"] for request in finished]
    awaited = page.evaluate(BLOCKING)
    context.close()
    assert all(url.startswith(server.url) for url in asked)
    assert len(weights) > len(loaded) and sum(weights) < LIMIT
    # The page is painted from what the first round trip brings.
    assert awaited == [] and weights[0] < FIRST_FLIGHT
    # Each module is named in the page itself, so all come in the round trip after it.
    assert len(loaded) == len(set(loaded)) == before


def test_the_policy_allows_no_inline_script_one_known_style_and_no_other_host(server):
    answer = requests.get(server.url, timeout=5)
    [style] = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    assert f"style-src 'sha256-{digest}';" in policy, "the browser would not apply it"
    assert "unsafe" not in policy and "http" not in policy and "frame-ancestors 'none'" in policy
    assert not re.search(
        r"<script(?![^>]*(src=|application/json))|<style(?!>)|\sstyle=|\son\w+=", answer.text
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_both_languages_have_the_same_sentences():
    english, korean = (languages.strings_of(language) for language in languages.LANGUAGES)
    assert list(english) == list(korean)
    for key, sentence in english.items():
        assert sorted(re.findall(r"{\w+}", sentence)) == sorted(re.findall(r"{\w+}", korean[key])), key


def test_every_sentence_that_a_module_asks_for_is_there():
    folder = languages.FOLDER.parent
    sources = [path.read_text(encoding="utf-8") for path in folder.glob("assets/*.js")]
    sources += [(folder / "templates/lab/page.html").read_text(encoding="utf-8")]
    asked = set(
        re.findall(
            r"""\bt\("(\w+)"|data-t(?:-[a-z-]+)?="(\w+)"|\bt\.(\w+) }|"(why_\w+)\"""", "\n".join(sources)
        )
    )
    assert {key for keys in asked for key in keys if key} <= set(languages.strings_of("en"))


def test_nothing_else_is_handed_out(server):
    host, port = server.url.removeprefix("http://").split(":")
    for path in ("../../etc/passwd", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd"):
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        connection.request("GET", f"/static/{path}")  # requests would resolve the dots itself
        response = connection.getresponse()
        assert (path, response.status, b"Traceback" in response.read()) == (path, 400, False)
        connection.close()
    for address in (
        "/lab/assets/../views.py",
        "/lab/assets/%2e%2e/views.py",
        "/lab/assets/nothing.js",
        "/lab/assets/base.css",
        "/lab/strings/fr/",
    ):
        assert requests.get(server.url + address, timeout=5).status_code == 404, address


def test_the_language_is_remembered(server, open_page, picture):
    page = open_page(server, "?lang=ko")
    expect(page.locator("h1")).to_have_text("토큰 실험실")
    page.goto(server.url)
    expect(page.locator("h1")).to_have_text("토큰 실험실")
    page.locator("[data-account=ada]").click()
    expect(page.locator("#verdict .why")).to_contain_text("비밀번호가 맞아서")
    page.locator("[data-do=protected]").click()
    expect(page.locator("#verdict .why")).to_contain_text("사용자도 활성이므로")
    picture(page, "token_lab_ko")
    page.locator("button[data-panel=recorder]").click()
    expect(page.locator("#records")).to_contain_text("액세스 토큰")
    left_over = page.locator("main").inner_text() + page.locator("#panel").inner_text()
    assert not re.search(r"\b(Refresh|Verify|Payload|Timeline|Pin|Wire|passed|everyone)\b", left_over)
    page.locator("#close").click()
    page.locator("[data-language=en]").click()
    expect(page.locator("h1")).to_have_text("Token Lab")
    expect(page.locator("#lives .access h3")).to_have_text("access token 1")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(server.url)
    expect(page.locator("h1")).to_have_text("Token Lab")


def test_a_browser_that_prefers_korean_gets_it(server):
    korean = {"Accept-Language": "ko-KR,ko;q=0.9"}
    assert '<html lang="ko">' in requests.get(server.url, headers=korean, timeout=5).text
    assert '<html lang="en">' in requests.get(f"{server.url}/?lang=fr", timeout=5).text


def arrange(page, state):
    """Bring the page into the state, from any of the states before it."""
    if state == "two tokens":
        page.locator("[data-account=ada]").click()
        expect(page.locator("#lives .refresh h3")).to_have_text(re.compile("1"))
    elif state == "refused":
        page.locator("[data-do=tamper][data-part=payload]").click()
        expect(page.locator("#gates [data-state=stopped]")).to_be_visible()
    elif state in ("wire", "tokens", "history", "room"):
        view = "recorder" if state == "room" else state
        # On a phone the tabs open what a wide screen has buttons for.
        tab = {"history": "timeline"}.get(view, view)
        for selector in (f"button[data-panel={view}]", f"button[data-tab={tab}]"):
            if page.locator(selector).is_visible():
                page.locator(selector).click()
                break
        expect(page.locator(f"#{view}")).to_be_visible()
        page.locator(".card.access .claim", has_text="jti").focus() if state == "tokens" else None
    elif state in ("forge", "paste"):
        page.keyboard.press("Escape")
        close(page)
        if state == "paste":
            page.locator("#more summary").click()
        page.locator(f"[data-open={state}]").click()
    elif state == "server gone":
        page.keyboard.press("Escape")
        page.context.set_offline(True)
        page.locator("[data-do=protected]").click()
        expect(page.locator("#verdict")).to_contain_text("◇")
    elif state == "expired":
        page.evaluate("Date.now = () => 4e12")
        expect(page.locator("#lives .access.dead")).to_be_visible()


def close(page):
    """Go back to the stage."""
    for selector in ("button[data-tab=try]", "#close"):
        if page.locator(selector).is_visible():
            page.locator(selector).click()
            return


@pytest.mark.parametrize(("language", "view", "look"), LOOKS)
def test_axe_finds_nothing_in_any_state(server, open_page, violations, language, view, look):
    found = {}
    width, height = VIEWS[view]
    page = open_page(server, f"?lang={language}", viewport={"width": width, "height": height}, **look)
    for state in STATES:
        if state in ("tokens", "history", "room"):
            close(page)
        arrange(page, state)
        found[state] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[state].append("it scrolls sideways")
    assert found == {state: [] for state in STATES}


def test_the_keyboard_alone_can_do_everything(server, open_page):
    page = open_page(server)
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML.slice(0, 90)"))
    wanted = page.evaluate(
        "[...document.querySelectorAll('header button, input, main button:not(:disabled), select, summary')]"
        ".filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 90))"
    )
    assert set(wanted) <= reached
    page.locator("[name=username]").fill("ada")
    page.locator("[name=password]").fill("test")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("200 OK")
    page.locator("[data-do=protected]").focus()
    page.keyboard.press("Space")
    expect(page.locator("#verdict")).to_contain_text("knows who you are")
    page.locator("[data-open=forge]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#forge")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#forge")).to_be_hidden()
    expect(page.locator("[data-open=forge]")).to_be_focused()


def test_a_claim_is_explained_on_focus_and_on_hover(server, open_page, picture):
    page = open_page(server)
    arrange(page, "two tokens")
    page.locator("button[data-panel=tokens]").click()
    claim = page.locator(".card.access .claim", has_text="jti")
    tip = page.locator(".card.access .tip", has_text="a random name")
    expect(tip).to_be_hidden()
    claim.hover()
    expect(tip).to_be_visible()
    picture(page.locator("#cards"), "token_lab_claim")
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    claim.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(claim).to_have_accessible_description(re.compile("a random name for this one token"))


def test_the_timeline_is_saved_as_svg_and_png_and_printed(server, open_page):
    from PIL import Image

    page = open_page(server)
    arrange(page, "two tokens")
    arrange(page, "history")
    saved = {}
    for kind in ("svg", "png"):
        with page.expect_download() as download:
            page.locator(f"[data-save={kind}]").click()
        assert download.value.suggested_filename == f"timeline.{kind}"
        saved[kind] = download.value.path().read_bytes()
    drawing = saved["svg"].decode()
    assert "access 1" in drawing and 'fill="rgb(' in drawing
    image = Image.open(BytesIO(saved["png"])).convert("RGB")
    assert (
        image.width == 2 * page.evaluate("document.querySelector('#lanes').clientWidth")
        and len(image.getcolors(image.width * image.height)) > 5
    )
    page.evaluate("window.print = () => { window.printed = true }")
    page.locator("[data-save=print]").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator("#lanes svg")).to_be_visible()
    expect(page.locator("#recorder")).to_be_hidden()
