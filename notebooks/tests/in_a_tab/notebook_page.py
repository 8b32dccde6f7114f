"""A notebook open in a tab: run its cells, and read what they showed."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as TakesTooLong
from playwright.sync_api import expect

SLOW = 500_000  # milliseconds, for a whole notebook on a machine that does other things besides
ALL_RAN = """() => {
  const cells = [...document.querySelectorAll(".jp-CodeCell")].filter((cell) => cell.querySelector(".cm-content").innerText.trim());
  return cells.length > 0 && cells.every((cell) => /\\[\\d+\\]/.test(cell.querySelector(".jp-InputPrompt").innerText));
}"""
# The first cell that fails ends the run.
ENDED = f"""() => ({ALL_RAN})() ||
  [...document.querySelectorAll(".jp-OutputArea")].some((shown) => shown.innerText.includes("Traceback"))"""


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


def run_cell(page, number, shows):
    """Run a cell, and wait for what it shows."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    cell.get_by_text(shows).wait_for(timeout=SLOW)


def all_shown(page):
    """What the cells showed, when all have run. One that fails fails the test."""
    with suppress(TakesTooLong):
        # Twice a second: asked at each frame, as by default, the page would be laid out anew each time.
        page.wait_for_function(ENDED, timeout=SLOW, polling=500)
    text = "\n".join(page.locator(".jp-OutputArea").all_inner_texts())
    if not page.evaluate(ALL_RAN):
        prompts = " ".join(page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts())
        dialogs = page.locator(".jp-Dialog").all_inner_texts()
        pytest.fail(
            f"Not every cell has run: {prompts}\nDialogs: {dialogs}\nThe cells showed:\n{text[-3_000:]}"
        )
    page.wait_for_timeout(1_000)  # for the file that is written after the last cell
    return text
