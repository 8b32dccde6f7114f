"""What a room sees on a projector, and a student on a phone: measured at every point of the story."""

import json

import pytest
from playwright.sync_api import expect

from testkit import servers

PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
STEPS = [
    "start",
    "logged in",
    "200",
    "died",
    "401",
    "refreshed",
    "200 again",
    "tampered",
    "swapped",
    "forged",
]
STAGE = ["#verdict", "#gates", "#lives .access .countdown", "#lives .refresh .countdown", "#timeline"]
ROW = "#controls > button, #controls > label, #controls > details > summary"
INSIDE = """selectors => {
    const out = [];
    for (const selector of selectors) {
        const elements = [...document.querySelectorAll(selector)].filter(element => element.checkVisibility());
        if (!elements.length) out.push(`${selector} is not there`);
        for (const element of elements) {
            const { left, top, right, bottom } = element.getBoundingClientRect();
            const covered = document.querySelector("#tabs").getBoundingClientRect();
            const end = covered.height ? covered.top : innerHeight;
            if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > end + 1) {
                out.push(`${selector}: ${[left, top, right, bottom].map(Math.round)}`);
            }
        }
    }
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) out.push(`${root.scrollWidth} wide`);
    return out;
}"""
SMALLEST = """() => {
    const small = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(".unseen, .skip, script, title, option")) continue;
        const size = parseFloat(getComputedStyle(element).fontSize);
        if (size < 20) small.push(`${size} px: ${walker.currentNode.data.trim().slice(0, 40)}`);
    }
    return small;
}"""
TARGETS = """() => [...document.querySelectorAll("button, select, input:not([type=checkbox]), summary")]
    .filter(element => element.checkVisibility())
    .map(element => [element.getBoundingClientRect(), element])
    .filter(([box, element]) => box.height < 43.5 || parseFloat(getComputedStyle(element).fontSize) < 16)
    .map(([box, element]) => `${Math.round(box.height)} px: ${element.outerHTML.slice(0, 60)}`)"""


CUT = """() => [...document.querySelectorAll("#gates li, #gates .state")].filter(element => element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1)
    .map(element => `cut: ${element.textContent}`)"""
COVERED = """selectors => selectors.filter(selector => {
    const { left, top, width, height } = document.querySelector(selector).getBoundingClientRect();
    return !document.elementFromPoint(left + width / 2, top + height / 2).closest(selector);
})"""


# Found and measured in one step: the page replaces the verdict, and has none while a response is awaited.
VERDICT_SIZE = """() => {
    const verdict = document.querySelector("#verdict .status strong");
    return verdict && parseFloat(getComputedStyle(verdict).fontSize);
}"""


def tell(page, step):
    """Bring the page to this point of the story, from the one before it."""
    if step == "logged in":
        page.locator("[data-account=ada]").click()
    elif step in ("200", "401", "200 again"):
        page.locator("[data-do=protected]").click()
    elif step == "died":
        expect(page.locator("#lives .access.dead")).to_be_visible()
        return
    elif step == "refreshed":
        page.locator("[data-do=refresh]").click()
    elif step == "tampered":
        page.locator("[data-do=tamper][data-part=payload]").click()
    elif step == "swapped":
        page.locator("[data-do=swap]").click()
    elif step == "forged":
        page.locator("[data-open=forge]").click()
        claims = json.loads(page.locator("#forge [name=claims]").input_value())
        page.locator("#forge [name=claims]").fill(json.dumps(claims | {"user_id": "1"}))
        page.locator("#forge [value=go]").click()
    if step != "start":
        expected = "200" if step in ("logged in", "200", "refreshed", "200 again") else "401"
        path = {"logged in": "/api/token/ ", "refreshed": "/api/token/refresh/ "}.get(step, "/user-orders/ ")
        expect(page.locator("#verdict .status")).to_contain_text(expected)
        expect(page.locator("#verdict .call")).to_contain_text(path)
        who = {"tampered": "bench 1", "swapped": "refresh token", "forged": "bench 2"}.get(step, "")
        expect(page.locator("#verdict .call")).to_contain_text(who)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_whole_story_is_reported_on_a_projector_without_scrolling(lab, open_page, language):
    found = {}
    with lab(access=5, refresh=600) as server:
        page = open_page(server, f"?lang={language}", **PROJECTOR)
        for step in STEPS:
            if language == "en":
                tell(page, step)
            else:
                tell_by_buttons(page, step)
            found[step] = [*measured(page, step), *measured(page, step, stage=True)]
    assert found == {step: [] for step in STEPS}


def measured(page, step, *, stage=False):
    """What is not as it must be, with the usual letters or with the large ones."""
    page.evaluate(
        "stage => document.documentElement.classList.contains('stage') === stage || document.getElementById('large').click()",
        stage,
    )
    wrong = page.evaluate(INSIDE, [*STAGE, ROW]) + page.evaluate(CUT)
    if page.evaluate("document.documentElement.scrollHeight") > 720:
        wrong.append("it scrolls")
    if stage:
        wrong += page.evaluate(SMALLEST)
    if step != "start":
        size = page.wait_for_function(VERDICT_SIZE).json_value()
        wrong += [] if size >= 40 else [f"the verdict has {size} px"]
    return wrong


def tell_by_buttons(page, step):
    """The same, without a look at English words."""
    sent = page.locator("#verdict .call").all_inner_texts()
    tell_steps = {
        "logged in": "[data-account=ada]",
        "refreshed": "[data-do=refresh]",
        "swapped": "[data-do=swap]",
    }
    tell_steps |= dict.fromkeys(("200", "401", "200 again"), "[data-do=protected]")
    tell_steps |= {"tampered": "[data-do=tamper][data-part=payload]"}
    if step == "died":
        expect(page.locator("#lives .access.dead")).to_be_visible()
    elif step == "forged":
        page.locator("[data-open=forge]").click()
        page.locator("#forge [value=go]").click()
        expect(page.locator("#forge")).to_be_hidden()
    elif step in tell_steps:
        page.locator(tell_steps[step]).click()
        page.wait_for_function(
            "before => document.querySelector('#verdict .call')?.innerText !== before", arg=(sent or [""])[0]
        )


def test_a_student_on_a_phone_sees_button_verdict_and_countdown_together(lab, open_page):
    found = {}
    with lab(access=5, refresh=600) as server:
        page = open_page(server, **PHONE)
        for step in STEPS:
            tell(page, step)
            countdowns = "#lives .access .countdown, #lives .refresh .countdown"
            found[step] = page.evaluate(
                INSIDE, ["#verdict", countdowns, "#controls .main", "#controls > button"]
            )
            found[step] += page.evaluate(CUT)
            found[step] += page.evaluate(TARGETS)
        # A smaller phone scrolls, and both stay where they are.
        page.set_viewport_size({"width": 390, "height": 640})
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        assert page.evaluate("scrollY") > 50
        page.wait_for_function(f"!({COVERED})(['#verdict', '#lives .access', '#lives .refresh']).length")
    assert found == {step: [] for step in STEPS}


def test_a_phone_has_tabs(server, open_page):
    page = open_page(server, **PHONE)
    tell(page, "logged in")
    tell(page, "200")
    expect(page.locator("#timeline")).to_be_hidden()
    page.locator("button[data-tab=timeline]").click()
    expect(page.locator("#lanes svg")).to_be_visible()
    width, height = page.locator("#lanes rect.life.access").evaluate(
        "r => [r.width, r.height].map(x => x.baseVal.value)"
    )
    assert height > 2 * width, "time does not run downwards"
    for tab, view in {"tokens": "#tokens", "recorder": "#recorder"}.items():
        page.locator(f"button[data-tab={tab}]").click()
        expect(page.locator(view)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("button[data-tab=try]").click()
    expect(page.locator("#recorder")).to_be_hidden()


def test_on_a_phone_the_login_folds_away_and_comes_back(server, open_page):
    page = open_page(server, **PHONE)
    fields = page.locator("#login [name=username]")
    expect(fields).to_be_visible()
    tell(page, "logged in")
    expect(fields).to_be_hidden()
    page.locator("[data-next=login]").click()
    expect(fields).to_be_focused()
    fields.fill("grace")
    page.locator("#login [name=password]").fill("test")
    page.locator("[data-next=login]").click()
    expect(page.locator("#lives .access h3")).to_have_text("access token 2")
    expect(fields).to_be_hidden()
    page.set_viewport_size(PROJECTOR["viewport"])
    expect(fields).to_be_visible()


def test_one_key_makes_the_letters_large(server, open_page):
    page = open_page(server, **PROJECTOR)
    page.keyboard.press("s")
    expect(page.locator("html")).to_have_class("stage")
    assert "stage" in page.url
    page.locator("[name=username]").press("s")
    expect(page.locator("html")).to_have_class("stage")
    page.locator("h1").click()
    page.keyboard.press("s")
    expect(page.locator("html")).not_to_have_class("stage")


def test_details_open_over_the_stage_and_close_again(server, open_page):
    page = open_page(server, "?stage", **PROJECTOR)
    tell(page, "logged in")
    for view in ("wire", "tokens", "history", "recorder"):
        button = page.locator(f"button[data-panel={view}]")
        button.click()
        expect(page.locator(f"#{view}")).to_be_visible()
        if view != "recorder":
            page.locator("[data-do=protected]").click(trial=True)
            expect(page.locator("#verdict .status")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
        expect(page.locator(f"#{view}")).to_be_hidden()
        expect(button).to_be_focused()


def test_the_wall_has_a_tile_for_everybody_who_was_seen(server, open_page, log_in):
    page = open_page(server, "?room", **PROJECTOR)
    log_in(server.url, "grace")
    expect(page.locator("#wall li", has_text="user 3")).to_contain_text("1 of 4 steps")
    expect(page.locator("#counts")).to_contain_text("1 of 1 logged in")
    assert page.locator("#wall").inner_text().count("password") == 0


def test_a_class_of_thirty_is_seen_at_once(open_page, database):
    students = ["-m", "bench.students", "30"]
    servers.run(students, DATABASE_URL=database, DJANGO_SETTINGS_MODULE=servers.OURS).check_returncode()
    with servers.class_server(database) as server:
        for language in ("en", "ko"):
            page = open_page(server, f"?stage&room&lang={language}", **PROJECTOR)
            expect(page.locator("#wall li")).to_have_count(30)
            assert page.evaluate(INSIDE, ["#address", "#counts", "#wall li"]) == [], language
