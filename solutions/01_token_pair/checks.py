"""What step 01 asks: obtain a pair, present its access token, and tell the refusals apart."""

import time

import pytest
import requests

from workshop.claims import expiry
from workshop.expect import answer, expect

FILE = "client/token_pair.py"
LOGIN_REFUSED = "No active account found with the given credentials"


@pytest.fixture
def running(lasting):
    """Only one check here is about expiry, and it asks for a server of its own."""
    return lasting


def test_a_login_gives_both_tokens(url, learner, wire):
    module = learner(FILE)
    try:
        keys = sorted(module.obtain(url, "ada", "test"))
    except module.LoginRefused as refused:
        keys = f"LoginRefused({refused})"
    expect(keys, ["access", "refresh"], sent=login_sent(wire), means=login_means(wire), see="01, section 1")


def test_a_wrong_password_is_refused_with_the_reason_given(url, learner, wire):
    module = learner(FILE)
    try:
        got = f"a dict with the keys {sorted(module.obtain(url, 'ada', 'wrong'))}"
        means = "The refusal was returned as if it were a pair: look at the status before the body."
    except module.LoginRefused as refused:
        got = str(refused)
        means = "LoginRefused carries the server's own sentence, the value of `detail`."
    means = login_means(wire) if in_address(wire) else means
    expect(got, LOGIN_REFUSED, sent=login_sent(wire), means=means, see="01, section 2")


def test_the_access_token_is_presented_as_bearer(url, learner):
    response = learner(FILE).call(url, "/user-orders/", login(url, "ada"))
    got = response.request.headers.get("Authorization", "")
    scheme = got.split()[0] if got.split() else "no Authorization"
    means = {
        (
            401,
            "Token has wrong type",
        ): "The refresh token goes to /api/token/refresh/ only; present the other one.",
        (401, "Authentication credentials were not provided."): "An unknown scheme counts as no credentials: "
        "the server listens for `Bearer`, a space, and the token.",
    }.get(answer(response), "Present the access token of the pair that call() was given.")
    sent = f"GET {response.request.path_url} with {scheme} and a token"
    expect(answer(response), (200, None), sent=sent, means=means, see="01, section 3")


SCHEMES = {
    "JWT": "JWT ",
    "Token": "Token ",
    "bearer": "bearer ",
    "none": "",
    "Bearer:": "Bearer: ",
    "no space": "Bearer",
}


def test_no_header_is_no_credentials(url, learner):
    diagnosed(learner, get(url, "/user-orders/", {}), "no credentials", "no Authorization header")


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_an_unknown_scheme_is_no_credentials(url, learner, scheme):
    response = get(url, "/user-orders/", {"Authorization": scheme + login(url, "ada")["access"]})
    diagnosed(learner, response, "no credentials", f"Authorization: {scheme}<access>")


@pytest.mark.parametrize("value", ["Bearer", "Bearer one two"])
def test_a_header_without_exactly_one_token_is_bad(url, learner, value):
    response = get(url, "/user-orders/", {"Authorization": value})
    diagnosed(learner, response, "bad header", f"Authorization: {value}")


def test_a_refresh_token_is_of_the_wrong_type(url, learner):
    response = get(url, "/user-orders/", bearer(login(url, "ada")["refresh"]))
    diagnosed(learner, response, "wrong type", "the refresh token as Bearer")


def test_an_edited_token_is_invalid(url, learner):
    head, payload, signature = login(url, "ada")["access"].split(".")
    edited = ".".join([head, payload, ("A" if signature[0] != "A" else "B") + signature[1:]])
    diagnosed(
        learner, get(url, "/user-orders/", bearer(edited)), "invalid", "a token with one letter changed"
    )


def test_a_token_past_its_expiry_is_expired(serve, learner):
    server = serve(access=1)
    access = login(server.url, "ada")["access"]
    time.sleep(max(expiry(access) - time.time(), 0))
    diagnosed(
        learner,
        get(server.url, "/user-orders/", bearer(access)),
        "expired",
        "an access token after its expiry",
    )


def test_known_but_not_allowed_is_forbidden(url, learner):
    response = get(url, "/orders/", bearer(login(url, "ada")["access"]))
    diagnosed(learner, response, "forbidden", "ada's access token to GET /orders/, which is for staff")


def test_a_call_that_succeeds_is_welcome(url, learner):
    response = get(url, "/orders/", bearer(login(url, "admin")["access"]))
    diagnosed(learner, response, "welcome", "admin's access token to GET /orders/")


def diagnosed(learner, response, wanted, sent):
    """Compare the learner's word for a real answer with the right one."""
    status, why = answer(response)
    got = learner(FILE).diagnose(response)
    means = f"The server answered {status}" + (f": {why} " if why else ". ")
    if status == 403:
        means += "The server knows who asks, and says no. A new login changes nothing."
    elif response.status_code == 401 and response.json().get("code") == "token_not_valid":
        means += "Several refusals share the code token_not_valid; messages[0].message tells them apart."
    expect(got, wanted, sent=f"{sent}, then the answer to diagnose()", means=means, see="01, section 4")


def login(url, username):
    return requests.post(
        f"{url}/api/token/", json={"username": username, "password": "test"}, timeout=5
    ).json()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def get(url, path, headers):
    return requests.get(f"{url}{path}", headers=headers, timeout=5)


def in_address(wire):
    return bool(wire) and "password" in wire[-1].request.url


def login_sent(wire):
    if not wire:
        return "nothing"
    request = wire[-1].request
    return f"{request.method} {request.path_url.partition('?')[0]}"


def login_means(wire):
    if in_address(wire):
        return "The password stood in the address, where every log keeps it. Send both as a JSON body: json={...}."
    if not wire:
        return "obtain() sent no request. It has to POST the name and the password to /api/token/."
    return f"The server answered {wire[-1].status_code}. Send `username` and `password` as JSON to POST /api/token/."
