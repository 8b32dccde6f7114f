"""The Token Lab on the server of step 08: families, spent tokens, log-out, and the lanes of victim and thief."""

import os
import re
import sys

import pytest
from playwright.sync_api import expect

from testkit import databases, servers

SMALLEST, LARGEST = "0", "3600"  # seconds of grace period: a test waits for neither end
LANES = "[...document.querySelectorAll('#lanes svg rect.{}')].map(lane => getComputedStyle(lane).fill)"
CLIPPED = """() => [...document.querySelectorAll("#lanes text, #lives h3, #lives .countdown, #verdict p")]
    .map(element => [element.getBoundingClientRect(), (element.closest("#lanes, .life, #exchange")).getBoundingClientRect(), element.textContent])
    .filter(([inner, outer]) => inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1)
    .map(([inner, outer, text]) => text)"""

# Sideways nothing scrolls; a phone may scroll down.
SCROLLS = """() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    const down = innerWidth > 1000 && scrollHeight > innerHeight;
    return scrollWidth > innerWidth || down ? [`it scrolls: ${scrollWidth} x ${scrollHeight}`] : [];
}"""


@pytest.fixture
def families(answer_of, tmp_path):
    """Start that server with a database of its own: `with families(grace=SMALLEST) as server`."""
    tree, template = answer_of("08_reuse_detection")
    command = [sys.executable, str(tree / "manage.py"), *servers.OUR_RUNSERVER[2:]]

    def run(grace=LARGEST):
        address = databases.copy(template, tmp_path / "db.sqlite3")
        return servers.running(command, DATABASE_URL=address, TOKEN_FAMILY_GRACE_SECONDS=grace)

    return run


def log_in(page, number=1):
    """The login gives the refresh token of that number on this page."""
    page.locator("[data-account=ada]").click()
    expect(page.locator("#lives .refresh h3")).to_have_text(re.compile(rf" {number}\b"))


def press(page, what):
    if not page.locator(f"[data-do={what}]").is_visible():
        page.locator("#more summary").click()
    page.locator(f"[data-do={what}]").click()


def rest(page):
    """In a picture there is room between two requests."""
    page.wait_for_timeout(3000 if "LAB_SCREENSHOTS" in os.environ else 0)


def expect_verdict(page, status, *words):
    verdict = page.locator("#verdict")
    for text in (status, *words):
        expect(verdict).to_contain_text(text)


def test_a_refresh_says_which_token_was_spent_and_of_which_family(families, open_page):
    with families() as server:
        page = open_page(server)
        log_in(page)
        name = page.locator("#lives .refresh h3").inner_text()
        family = re.fullmatch(r"refresh token 1 ◆ family ([0-9a-f]{4})", name)[1]
        expect(page.locator("#lives .access h3")).to_have_text(f"access token 1 ◆ family {family}")
        press(page, "refresh")
        expect_verdict(
            page,
            "200 OK",
            f"Refresh token 1 is spent now, and its successor takes its place in family {family}",
        )
        expect(page.locator("#lives .refresh h3")).to_have_text(f"refresh token 2 ◆ family {family}")
        expect(page.locator("#lanes rect.life.refresh")).to_have_count(2)
        expect(page.locator("#lanes rect.life.spent title")).to_have_text("refresh token 1")
        page.locator("button[data-panel=recorder]").click()
        expect(page.locator("#wall .done")).to_have_attribute("title", "logged in, refreshed")
        page.locator("#close").click()
        page.locator("button[data-panel=history]").click()
        expect(page.locator("#answers")).to_contain_text(f"refresh token 1 ◆ family {family}")
        expect(page.locator("#families")).to_contain_text("dashed")


def test_a_log_out_ends_the_family_and_not_the_access_token(families, open_page):
    with families() as server:
        page = open_page(server)
        log_in(page)
        press(page, "refresh")
        expect_verdict(page, "200 OK", "is spent now")
        press(page, "logout")
        expect_verdict(page, "200 OK", "has ended: none of its refresh tokens is accepted again")
        expect(page.locator("#lives .refresh .countdown")).to_have_text("ended by log-out")
        expect(page.locator("#lives .access.dead")).to_have_count(0)
        press(page, "refresh")
        expect_verdict(page, "401", "Token family is revoked", "Log in: that begins a new family")
        press(page, "protected")
        expect_verdict(page, "200 OK", "knows who you are")
        log_in(page, 3)
        press(page, "refresh")
        expect_verdict(page, "200 OK", "is spent now")


@pytest.mark.parametrize(("first", "second"), [("thief", "refresh"), ("refresh", "thief")])
def test_whoever_comes_second_both_are_out(families, open_page, picture, first, second):
    with families(grace=SMALLEST) as server:
        page = open_page(server, "?stage")
        log_in(page)
        press(page, "steal")
        expect(page.locator("#announcer")).to_contain_text("The thief has a copy of refresh token 1")
        expect(page.locator("#lanes")).to_contain_text("▲ victim 1")
        expect(page.locator("#lanes")).to_contain_text("▼ thief 1")
        victim, thief = (page.evaluate(LANES.format(name)) for name in ("victim", "thief:not(.life)"))
        assert len(victim) == len(thief) == 1 and victim != thief
        rest(page)
        press(page, first)
        expect_verdict(page, "200 OK", "is spent now")
        rest(page)
        press(page, second)
        expect_verdict(page, "401", "Token was used before: its family is revoked", "who is honest")
        expect(page.locator("#lives .refresh .countdown")).to_have_text("family revoked")
        if second == "thief":
            expect(page.locator("#announcer")).to_be_empty()
            expect(page.locator("#lanes path.stroke")).to_be_visible()
            picture(page, "token_lab_families")
        for anybody in ("thief", "refresh"):
            press(page, anybody)
            expect_verdict(page, "401", "revoked")
        assert (
            page.locator("#lanes rect.life:not(.access)").count() == 3
        )  # the copy, its twin, and one successor


def test_within_the_grace_period_nobody_is_out(families, open_page):
    with families() as server:
        page = open_page(server)
        log_in(page)
        press(page, "steal")
        press(page, "refresh")
        expect_verdict(page, "200 OK", "is spent now")
        press(page, "thief")
        expect_verdict(page, "401", "Token was just used", "revokes nothing")
        press(page, "refresh")
        expect_verdict(page, "200 OK", "Refresh token 2 is spent now")


def test_a_server_without_families_says_nothing_of_them(server, open_page):
    page = open_page(server)
    log_in(page)
    press(page, "refresh")
    expect_verdict(page, "200 OK", "signed a new access token")
    page.locator("#more summary").click()
    expect(page.locator("[data-do=verify]")).to_be_visible()
    for hidden in ("#steal", "#thief"):
        expect(page.locator(hidden)).to_be_hidden()
    page.locator("button[data-panel=history]").click()
    expect(page.locator("#families")).to_be_hidden()
    assert not re.search("family|victim|thief|◆", page.locator("body").inner_text())


LOOKS = [
    ("?stage&lang=en", {"viewport": {"width": 1280, "height": 720}}),
    ("?stage&lang=ko", {"viewport": {"width": 1280, "height": 720}, "color_scheme": "dark"}),
    ("?lang=en", {"viewport": {"width": 1280, "height": 720}, "forced_colors": "active"}),
    ("?lang=ko", {"viewport": {"width": 390, "height": 844}, "has_touch": True}),
]


def test_the_theft_is_told_without_scrolling(families, open_page, violations):
    found = {}
    with families(grace=SMALLEST) as server:
        for query, look in LOOKS:
            page = open_page(server, query, **look)
            log_in(page)
            for what in ("steal", "refresh", "thief", "logout"):
                before = page.locator("#verdict .call").inner_text()
                press(page, what)
                if what != "steal":  # who sent what is in this line, in any language
                    expect(page.locator("#verdict .call")).not_to_have_text(before)
                found[query, what] = page.evaluate(CLIPPED) + page.evaluate(SCROLLS)
            found[query, "in the end"] = violations(page)
    assert found == {which: [] for which in found}
