"""The admin's login in a codespace, where the browser sees another host name than the server does."""

import re

import pytest
import requests

NAME = "brave-robot-abc"


@pytest.fixture
def log_in():
    """Log in to the admin as a browser does that sees the page under this origin."""

    def run(server, origin):
        session = requests.Session()
        form = session.get(f"{server.url}/admin/login/", timeout=5).text
        mark = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
        data = {"username": "admin", "password": "test", "csrfmiddlewaretoken": mark}
        return session.post(
            f"{server.url}/admin/login/",
            data=data,
            headers={"Origin": origin, "Accept": "text/html"},
            timeout=5,
            allow_redirects=False,
        )

    return run


def test_the_login_is_rejected_under_a_name_that_is_not_this_codespace(serve, log_in):
    with serve(CODESPACE_NAME=NAME, PORT="8000") as server:
        for origin in (
            "https://elsewhere.example",
            f"https://{NAME}-8001.app.github.dev",
            "https://other-8000.app.github.dev",
        ):
            response = log_in(server, origin)
            assert (response.status_code, "Origin checking failed" in response.text) == (403, True), origin


def test_the_login_works_under_the_name_of_this_codespace(serve, log_in):
    with serve(CODESPACE_NAME=NAME, PORT="8000") as server:
        response = log_in(server, f"https://{NAME}-8000.app.github.dev")
        assert (response.status_code, response.headers.get("Location")) == (302, "/api/schema/swagger-ui/")
        page = requests.get(
            f"{server.url}/products/", headers={"Host": f"{NAME}-8000.app.github.dev"}, timeout=5
        )
        assert page.status_code == 200


def test_elsewhere_no_name_of_a_codespace_is_trusted(serve, log_in):
    with serve() as server:
        response = log_in(server, f"https://{NAME}-8000.app.github.dev")
        assert (response.status_code, "Origin checking failed" in response.text) == (403, True)
