"""The Token Lab in the hands of a test: log in, call, and read the verdict."""

from playwright.sync_api import expect


def log_in(lab, name="ada"):
    lab.locator(f"[data-account={name}]").click()
    expect(lab.locator("#verdict")).to_contain_text("200 OK")


def call(lab, status):
    lab.locator("[data-do=protected]").click()
    expect(lab.locator("#verdict")).to_contain_text(status)
    expect(lab.locator("#verdict")).to_contain_text("GET /user-orders/")


def wait_until_the_token_has_died(lab):
    """The page then leads to the refresh."""
    # The usual patience is as short as the token's life.
    expect(lab.locator("[data-next=refresh]")).to_have_class("main", timeout=60_000)
