"""Where the Token Lab is on: in development and in a class, and never beside a production key."""

import secrets

import pytest
import requests

READER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ELSEWHERE = READER | {"Host": "elsewhere.example"}
KEY = secrets.token_urlsafe(64)


@pytest.mark.parametrize("command", [["check"], ["serve_class", "--port", "0"]])
def test_the_token_lab_never_runs_with_a_production_key(manage, command):
    run = manage(*command, DJANGO_DEBUG="0", TOKEN_LAB="1", DJANGO_SECRET_KEY=KEY)
    assert run.returncode == 1
    assert run.stderr.startswith("The server cannot start. TOKEN_LAB is on and DJANGO_SECRET_KEY is set.")
    assert KEY not in run.stderr


def test_a_switch_that_is_neither_on_nor_off_is_refused(manage):
    run = manage("check", TOKEN_LAB="maybe")
    assert (run.returncode, run.stderr[:48]) == (1, "The server cannot start. TOKEN_LAB is 'maybe'. S")


def test_development_can_do_without_it(serve):
    with serve(TOKEN_LAB="0") as server:
        assert requests.get(server.url, headers=READER, timeout=5).status_code == 404
        assert requests.get(f"{server.url}/products/", timeout=5).status_code == 200


@pytest.mark.parametrize("kind", ["shop", "class_server"])
def test_development_and_a_class_have_it_on_plain_http(request, kind):
    url = request.getfixturevalue(kind).url
    response = requests.get(url, headers=READER, timeout=5, allow_redirects=False)
    assert (response.status_code, "Token Lab" in response.text) == (200, True)
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("kind", ["shop", "class_server"])
@pytest.mark.parametrize("path", ["/", "/products/", "/admin/login/", "/nowhere/", "/lab/stream/"])
def test_a_host_that_is_not_listed_shows_nobody_a_page_with_settings(request, kind, path):
    url = request.getfixturevalue(kind).url
    response = requests.get(f"{url}{path}", headers=ELSEWHERE, timeout=5)
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/json")
    assert response.json() == {"detail": "This request cannot be read.", "code": "bad_request"}


def test_an_unknown_address_shows_a_class_no_page_with_settings(class_server):
    response = requests.get(f"{class_server.url}/nowhere/", headers=READER, timeout=5)
    assert (response.status_code, "DEBUG" in response.text) == (404, False)
