"""The documentation page in a real browser."""

import requests


def call_user_orders(page):
    """Press "Execute" on GET /user-orders/ and return the server's response."""
    with page.expect_response("**/user-orders/") as response:
        page.locator("#operations-user-orders-user_orders_list .execute").click()
    return response.value


def test_a_pasted_access_token_authorizes_the_page(browser, shop):
    page = browser.new_page()
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    login = {"username": "ada", "password": "test"}
    access = requests.post(f"{shop.url}/api/token/", json=login, timeout=5).json()["access"]

    page.goto(f"{shop.url}/api/schema/swagger-ui/")
    page.locator("#operations-user-orders-user_orders_list .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    assert call_user_orders(page).status == 401

    page.locator(".btn.authorize").click()
    form = page.locator(".auth-container", has_text="jwtAuth")
    form.locator("input").fill(access)
    form.get_by_role("button", name="Apply credentials").click()
    page.locator(".close-modal").click()

    assert call_user_orders(page).status == 200
    assert hosts == {shop.url.removeprefix("http://")}
