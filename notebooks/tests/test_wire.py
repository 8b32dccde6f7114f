"""What goes over the wire is recorded wherever it comes from, and shown without a secret."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
import requests
from requests.adapters import HTTPAdapter

from workshop import wire

KEY = "a key of these tests alone, for no server at all"
ACCESS, REFRESH = (jwt.encode({"token_type": kind}, KEY) for kind in ("access", "refresh"))
URL = "http://127.0.0.1:8000/orders/"


class Refusing(BaseHTTPRequestHandler):
    """401 to the first token, 200 to the second."""

    def do_GET(self):
        good = self.headers.get("Authorization") == f"Bearer {REFRESH}"
        self.send_response(200 if good else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def refusing():
    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class TriesAgain(requests.auth.AuthBase):
    """Sends the very same request object a second time, with another token."""

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {ACCESS}"
        request.register_hook("response", self.again)
        return request

    def again(self, response, **options):
        if response.status_code != 401:
            return response
        response.request.headers["Authorization"] = f"Bearer {REFRESH}"
        return response.connection.send(response.request, **options)


class Adapter(HTTPAdapter):
    def send(self, request, *args, **options):
        request.headers["Authorization"] = f"Bearer {REFRESH}"
        return super().send(request, *args, **options)


def by_auth(url):
    return requests.get(url, auth=TriesAgain(), timeout=5)


def by_adapter(url):
    with requests.Session() as session:
        session.mount("http://", Adapter())
        return session.get(url, timeout=5)


@pytest.mark.parametrize(
    ("call", "kinds", "statuses"),
    [(by_auth, ["access", "refresh"], [401, 200]), (by_adapter, ["refresh"], [200])],
    ids=["an AuthBase with a hook", "an adapter"],
)
def test_every_exchange_is_recorded_as_it_was_sent(refusing, call, kinds, statuses):
    with wire.recorded() as exchanges:
        call(refusing)
    told = [wire.described(each.request) for each in exchanges]
    assert told == [f"GET / with Authorization: Bearer <{kind} token>" for kind in kinds]
    assert [each.status_code for each in exchanges] == statuses


def test_nothing_is_recorded_afterwards(refusing):
    with wire.recorded() as exchanges:
        pass
    requests.get(refusing, timeout=5)
    assert exchanges == []


DESCRIBED = {
    "no header": ({}, "GET /orders/ with no Authorization header"),
    "an access token": (
        {"headers": {"Authorization": f"Bearer {ACCESS}"}},
        "GET /orders/ with Authorization: Bearer <access token>",
    ),
    "no scheme": ({"headers": {"Authorization": ACCESS}}, "GET /orders/ with Authorization: <access token>"),
    "no space": (
        {"headers": {"Authorization": f"Bearer{ACCESS}"}},
        "GET /orders/ with Authorization: Bearer<access token>",
    ),
    "a scheme alone": ({"headers": {"Authorization": "Bearer"}}, "GET /orders/ with Authorization: Bearer"),
    "nothing": ({"headers": {"Authorization": ""}}, "GET /orders/ with Authorization: <nothing>"),
    "other text": (
        {"headers": {"Authorization": "Bearer hunter2 swordfish"}},
        "GET /orders/ with Authorization: Bearer <other text> <other text>",
    ),
    "a header of its own": (
        {"headers": {"X-Refresh": REFRESH}},
        "GET /orders/ with no Authorization header and a header X-Refresh: <refresh token>",
    ),
    "a cookie": (
        {"cookies": {"refresh": REFRESH}},
        "GET /orders/ with no Authorization header and a header Cookie: <refresh token>",
    ),
    "a password in the address": (
        {"params": {"password": "swordfish"}},
        "GET /orders/ with no Authorization header and password in the address",
    ),
    "JSON": (
        {"json": {"refresh": REFRESH, "password": "swordfish", "n": 3}},
        "GET /orders/ with no Authorization header and the JSON body "
        "{refresh: <refresh token>, password: ..., n: int}",
    ),
    "a form": (
        {"data": {"password": "swordfish"}},
        "GET /orders/ with no Authorization header and the form fields password",
    ),
    "a list": (
        {"json": [REFRESH]},
        "GET /orders/ with no Authorization header and the JSON body of a list",
    ),
    "a stream": (
        {"data": iter([b"swordfish"])},
        "GET /orders/ with no Authorization header and a streamed body",
    ),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_request_is_reported_without_a_secret(name):
    options, wanted = DESCRIBED[name]
    told = wire.described(requests.Request("GET", URL, **options).prepare())
    assert told == wanted


def test_no_request_is_reported_as_what_was_called():
    assert wire.sent([], "a call of obtain()") == "a call of obtain()"
