"""Which gate a token was stopped at: the server's own word, for every way of being wrong."""

import base64
import json
import sqlite3
import time

import jwt
import pytest
import requests

KEY = "a-key-long-enough-for-hmac-" * 3
MARK = {"X-Token-Lab": "0123abcd"}
ALL = ["header", "parts", "algorithm", "signature", "times", "type", "user"]


@pytest.fixture
def server(lab):
    with lab(DJANGO_SECRET_KEY=KEY) as running:
        yield running


def minted(key=KEY, alg="HS256", **changes):
    """An access token of ada with these claims changed; a claim of None is left out."""
    now = int(time.time())
    claims = {"token_type": "access", "exp": now + 60, "iat": now, "jti": "0" * 32, "user_id": "2"} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, alg)


def edited(token, index, change):
    """The token with one of its parts changed as text, and its signature as it was."""
    parts = token.split(".")
    text = base64.urlsafe_b64decode(parts[index] + "==").decode()
    parts[index] = base64.urlsafe_b64encode(change(text).encode()).decode().rstrip("=")
    return ".".join(parts)


def another_user(text):
    return text.replace('"user_id":"2"', '"user_id":"1"')


def presented(server, token, path="/user-orders/"):
    """Status, and how far the server says that the token came."""
    headers = {"Authorization": token} if token is not None else {}
    response = requests.get(server.url + path, headers=headers | MARK, timeout=30)
    return response.status_code, json.loads(response.headers["X-Token-Lab"])


WRONG = {
    "no header": (lambda: None, "missing", None),
    "another scheme": (lambda: f"Basic {minted()}", "scheme", None),
    "two words too many": (lambda: f"Bearer {minted()} x", "words", None),
    "one part": (lambda: "Bearer nothing", "parts", "Not enough segments"),
    "a header that is no JSON": (
        lambda: f"Bearer {edited(minted(), 0, lambda text: text[1:])}",
        "parts",
        None,
    ),
    "alg none": (
        lambda: f"Bearer {minted(None, 'none')}",
        "algorithm",
        "The specified alg value is not allowed",
    ),
    "HS512 with the right key": (
        lambda: f"Bearer {minted(KEY, 'HS512')}",
        "algorithm",
        "The specified alg value is not allowed",
    ),
    "an edited algorithm": (
        lambda: f"Bearer {edited(minted(), 0, lambda text: text.replace('HS256', 'HS384'))}",
        "algorithm",
        "The specified alg value is not allowed",
    ),
    "an edited type of the header": (
        lambda: f"Bearer {edited(minted(), 0, lambda text: text.replace('JWT', 'JWS'))}",
        "signature",
        "Signature verification failed",
    ),
    "an edited user": (
        lambda: f"Bearer {edited(minted(), 1, another_user)}",
        "signature",
        "Signature verification failed",
    ),
    "a guessed key": (
        lambda: f"Bearer {minted(KEY[::-1])}",
        "signature",
        "Signature verification failed",
    ),
    "expired, with a wrong signature": (
        lambda: f"Bearer {minted(KEY[::-1], exp=1)}",
        "signature",
        "Signature verification failed",
    ),
    "expired": (lambda: f"Bearer {minted(exp=int(time.time()) - 1)}", "expired", "Signature has expired"),
    "expired, of the wrong type": (
        lambda: f"Bearer {minted(exp=1, token_type='refresh')}",
        "expired",
        "Signature has expired",
    ),
    "not before an hour": (
        lambda: f"Bearer {minted(nbf=int(time.time()) + 3600)}",
        "early",
        "The token is not yet valid (nbf)",
    ),
    "issued in an hour": (
        lambda: f"Bearer {minted(iat=int(time.time()) + 3600)}",
        "early",
        "The token is not yet valid (iat)",
    ),
    "no expiry": (lambda: f"Bearer {minted(exp=None)}", "claim", "Token has no '…' claim"),
    "no id": (lambda: f"Bearer {minted(jti=None)}", "claim", "Token has no id"),
    "a refresh token": (lambda: f"Bearer {minted(token_type='refresh')}", "type", "Token has wrong type"),
    "no type": (lambda: f"Bearer {minted(token_type=None)}", "type", "Token has no type"),
    "nobody's": (lambda: f"Bearer {minted(user_id='999')}", "user_not_found", None),
}
AT = {"missing": 0, "scheme": 0, "words": 0, "parts": 1, "algorithm": 2, "signature": 3}
AT |= {"expired": 4, "early": 4, "claim": 4, "type": 5, "user_not_found": 6}


def test_every_wrong_token_names_its_gate(server):
    for name, (make, why, said) in WRONG.items():
        status, passage = presented(server, make())
        at = AT[why]
        assert (name, status, passage["why"], passage["gate"]) == (name, 401, why, ALL[at])
        assert passage["passed"] == ALL[:at], name
        assert said is None or passage["said"] == said, name


def test_a_good_token_passes_all_seven(server, log_in):
    token = f"Bearer {log_in(server.url)['access']}"
    everything = {"passed": ALL, "gate": None, "why": None, "said": None, "key": None}
    assert presented(server, token) == (200, everything)
    assert presented(server, token, "/products/") == (200, everything)
    # 403: the token is good, and its user may not do this.
    assert presented(server, token, "/orders/") == (403, everything)
    assert presented(server, token, "/api/schema/")[0] == 200


def test_where_nobody_looks_at_a_token_nothing_is_said_of_it(server):
    nothing = {"passed": [], "gate": None, "why": None, "said": None, "key": None}
    assert presented(server, None, "/products/") == (200, nothing)
    login = {"username": "ada", "password": "wrong"}
    response = requests.post(f"{server.url}/api/token/", json=login, headers=MARK, timeout=30)
    assert (response.status_code, json.loads(response.headers["X-Token-Lab"])) == (401, nothing)


def test_refresh_and_verify_look_at_what_they_need(server, log_in, database):
    pair = log_in(server.url)

    def post(path, **body):
        response = requests.post(f"{server.url}/api/token/{path}/", json=body, headers=MARK, timeout=30)
        return response.status_code, json.loads(response.headers["X-Token-Lab"])

    status, passage = post("refresh", refresh=pair["refresh"])
    assert (status, passage["passed"]) == (200, ALL)
    status, passage = post("refresh", refresh=pair["access"])
    assert (status, passage["gate"], passage["said"]) == (401, "type", "Token has wrong type")
    status, passage = post("verify", token=pair["refresh"])
    assert (status, passage["passed"]) == (200, ALL[:5])
    with sqlite3.connect(database.removeprefix("sqlite:///")) as shop:
        shop.execute("UPDATE api_user SET is_active = 0 WHERE username = 'ada'")
    shop.close()
    status, passage = post("refresh", refresh=pair["refresh"])
    assert (status, passage["gate"], passage["passed"]) == (401, "user", ALL[:6])
    assert presented(server, f"Bearer {pair['access']}")[1]["why"] == "user_inactive"


def test_only_a_marked_request_gets_the_header(server):
    assert "X-Token-Lab" not in requests.get(f"{server.url}/user-orders/", timeout=30).headers


def test_a_production_server_says_nothing_of_gates(output_of, seeded):
    program = "import django; django.setup(); from django.test import Client; "
    program += (
        "r = Client().get('/user-orders/', secure=True, HTTP_HOST='localhost', HTTP_X_TOKEN_LAB='0123abcd'); "
    )
    program += "print(r.status_code, 'X-Token-Lab' in r.headers)"
    production = {"DJANGO_DEBUG": "0", "DJANGO_SECRET_KEY": "".join(map(chr, range(40, 126)))}
    variables = production | {"DJANGO_SETTINGS_MODULE": "hardening.settings", "DATABASE_URL": seeded}
    assert output_of(program, **variables) == "401 False\n"
