"""The gateway passes whole requests on, and responds in the shop's place when it is asked to."""

import pytest
import requests

from workshop import paths
from workshop.expect import answer
from workshop.servers.gateway import NO_RESPONSE, Gateway, Reply
from workshop.servers.live_server import LiveServer

ACCOUNT = b'{"username": "ada", "password": "test"}'
JSON = {"Content-Type": "application/json"}
BUSY = Reply(503, "text/html", "<h1>Not now</h1>")


@pytest.fixture(scope="module")
def server():
    with LiveServer(paths.SERVER) as running:
        yield running


@pytest.mark.parametrize("body", [ACCOUNT, [ACCOUNT[:9], ACCOUNT[9:]]], ids=["in one piece", "in chunks"])
def test_a_body_arrives_whole(server, body):
    data = body if isinstance(body, bytes) else iter(body)
    with Gateway(server.url) as gateway:
        response = requests.post(f"{gateway.url}/api/token/", data=data, headers=JSON, timeout=5)
    assert sorted(response.json()) == ["access", "refresh"]


def test_a_refusal_of_the_shop_is_passed_on_with_its_challenge(server):
    with Gateway(server.url) as gateway:
        response = requests.get(f"{gateway.url}/user-orders/", timeout=5)
    assert answer(response) == (401, "Authentication credentials were not provided.")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'


def test_its_own_replies_are_given_once_and_to_their_path_only(server):
    with Gateway(server.url, {"/products/": [BUSY]}) as gateway:
        got = [
            requests.get(f"{gateway.url}{path}", timeout=5).status_code
            for path in ("/products/2/", "/products/", "/products/")
        ]
    assert got == [200, 503, 200]


def test_it_sends_a_client_elsewhere(server):
    with Gateway(server.url, {"/products/": [Reply(302, "text/html", "", "/products/2/")]}) as gateway:
        response = requests.get(f"{gateway.url}/products/", timeout=5)
    assert response.url == f"{gateway.url}/products/2/"
    assert response.json()["id"] == 2


def test_it_says_nothing(server):
    with (
        Gateway(server.url, {"/products/": [NO_RESPONSE]}) as gateway,
        pytest.raises(requests.ConnectionError, match="without response"),
    ):
        requests.get(f"{gateway.url}/products/", timeout=5)


def test_it_knows_what_came_in(server):
    with Gateway(server.url) as gateway:
        requests.post(f"{gateway.url}/api/token/?next=1", data=ACCOUNT, headers=JSON, timeout=5)
    assert gateway.received == [("POST /api/token/?next=1", ACCOUNT)]
