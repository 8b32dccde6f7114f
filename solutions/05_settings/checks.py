"""What step 05 asks: a signing key of its own, an issuer and an audience, and a second scheme on both sides."""

import ast
import secrets
from itertools import pairwise

import jwt
import pytest
import requests
from requests.structures import CaseInsensitiveDict

from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, expect

FILE = "client/shop_client.py"
SETTINGS = "drf_course/simple_jwt.py"
ISSUER, AUDIENCE = "https://shop.example", "shop-api"
ASKED = {"iss": ("ISSUER", ISSUER), "aud": ("AUDIENCE", AUDIENCE)}
KEY, SECOND_SECRET_KEY = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
REFUSED = (401, "Token is invalid")
NO_CREDENTIALS = (401, "Authentication credentials were not provided.")


LONG = {"access": 300, "refresh": 3600}  # seconds: these checks are not about expiry


@pytest.fixture(scope="module")
def running(serve_once):
    """A server of the tree whose tokens outlive the checks, whatever lifetimes stand in the file."""
    return serve_once(**LONG)


@pytest.fixture(scope="module")
def keyed(serve_once):
    """One more, with a signing key that this check knows."""
    return serve_once(**LONG, environment={"JWT_SIGNING_KEY": KEY})


def test_the_signing_key_is_not_the_secret_key(url, running):
    forged = signed(login(url)["access"], (running.tree / ".development_key").read_text().strip())
    means = "The server signs with SECRET_KEY, so whoever has SECRET_KEY can make tokens for anyone. Give SIGNING_KEY a key of its own."
    sent = "a token of one's own, signed with SECRET_KEY"
    expect(answer(presented(url, forged)), REFUSED, sent=sent, means=means, see="05, section 2")


def test_a_new_secret_key_logs_nobody_out(url, serve):
    access = login(url)["access"]
    second = serve(**LONG, environment={"DJANGO_SECRET_KEY": SECOND_SECRET_KEY})
    forged = signed(access, SECOND_SECRET_KEY)
    means = (
        "The new SECRET_KEY signs, and it knows no older token. Keep SIGNING_KEY apart from it."
        if answer(presented(second.url, forged)) == (200, None)
        else "Each start makes another signing key, so each restart logs everybody out. Keep it in a file or a variable."
    )
    sent = "an access token to a server that was started anew with another DJANGO_SECRET_KEY"
    expect(answer(presented(second.url, access)), (200, None), sent=sent, means=means, see="05, section 2")


def test_the_signing_key_is_read_from_its_variable(keyed):
    known_key_signs(keyed)


def test_the_signing_key_stands_in_no_source_file(url, running):
    access = login(url)["access"]
    files = sorted((running.tree / "drf_course").glob("*.py"))
    found = [file.name for file in files if any(signs(text, access) for text in texts(file))]
    means = "Whoever reads the source can sign: it lies in git, in every clone and every backup. Read the key from the environment."
    sent = "each text in drf_course/*.py, tried as the key of a real token"
    expect(found, [], sent=sent, means=means, see="05, section 2")


@pytest.mark.parametrize("value", [{}, {"JWT_SIGNING_KEY": "sixteen-letters!"}], ids=["missing", "short"])
def test_production_does_not_start_without_a_good_key(serve, value):
    try:
        serve(environment={"DJANGO_DEBUG": "0", "DJANGO_SECRET_KEY": SECOND_SECRET_KEY} | value)
        said = "the server starts"
    except WorkshopError as error:
        said = "a refusal that names JWT_SIGNING_KEY" if "JWT_SIGNING_KEY" in str(error) else str(error)
    means = "A server that signs with a key of convenience looks healthy. environment.key() refuses to start with one."
    sent = f"DJANGO_DEBUG=0 and {'a JWT_SIGNING_KEY of 16 bytes' if value else 'no JWT_SIGNING_KEY'} to the start of a server"
    expect(said, "a refusal that names JWT_SIGNING_KEY", sent=sent, means=means, see="05, section 2")


@pytest.mark.parametrize("claim", ASKED)
def test_a_token_says_who_issued_it_and_for_whom(url, claim):
    setting, wanted = ASKED[claim]
    got = parts(login(url)["access"])[1].get(claim, f"no {claim}")
    got = got[0] if isinstance(got, list) and len(got) == 1 else got  # RFC 7519: aud may be a list
    means = f"{setting} writes the claim {claim} into every token. The other of the two does not do it."
    sent = f"a login, and read {claim} in the access token"
    expect(got, wanted, sent=sent, means=means, see="05, section 4")


@pytest.mark.parametrize("claim", ASKED)
def test_a_token_of_another_issuer_or_for_another_audience_is_refused(keyed, claim):
    setting, _ = ASKED[claim]
    known_key_signs(keyed)
    foreign = signed(login(keyed.url)["access"], KEY, **{claim: "someone-else"})
    means = (
        f"Without {setting} the server accepts any {claim}: a token made for another service opens this one."
    )
    sent = f"a well signed token whose {claim} is someone-else"
    expect(answer(presented(keyed.url, foreign)), REFUSED, sent=sent, means=means, see="05, section 4")


def test_the_old_scheme_still_works(url):
    means = "Every client that still says Bearer is logged out. Add the new scheme to AUTH_HEADER_TYPES, and keep the old one."
    got = answer(get(url, {"Authorization": f"Bearer {login(url)['access']}"}))
    expect(got, (200, None), sent="Authorization: Bearer <access>", means=means, see="05, section 5")


def test_the_new_scheme_is_accepted(url):
    means = 'The server does not listen for "Shop", and an unknown scheme counts as no credentials. Add it to AUTH_HEADER_TYPES.'
    got = answer(get(url, {"Authorization": f"Shop {login(url)['access']}"}))
    expect(got, (200, None), sent="Authorization: Shop <access>", means=means, see="05, section 5")


def test_the_challenge_still_names_bearer(url):
    means = 'The challenge names the first of AUTH_HEADER_TYPES, and clients that follow it know Bearer: ("Bearer", "Shop").'
    sent = "GET /user-orders/ without a token, and read WWW-Authenticate"
    expect(challenge(url), 'Bearer realm="api"', sent=sent, means=means, see="05, section 5")


def test_the_client_says_the_new_scheme(url, learner):
    access = login(url)["access"]
    header = learner(FILE).authorization(access)
    value = CaseInsensitiveDict(header).get("Authorization") if isinstance(header, dict) else None
    got = value.replace(access, "<access>") if isinstance(value, str) else f"{header!r}"
    means = (
        "The server was changed and the client was not: a scheme is agreed on by both sides."
        if got == "Bearer <access>"
        else 'authorization() gives a dict, ready for headers=, with the one name "Authorization": Shop, a space, the token.'
    )
    sent = "an access token to authorization(), and read the header Authorization"
    expect(got, "Shop <access>", sent=sent, means=means, see="05, section 5")
    means = "The client was changed and the server was not: it counts an unknown scheme as no credentials."
    got = answer(get(url, {"Authorization": value}))
    expect(got, (200, None), sent="GET /user-orders/ with that header", means=means, see="05, section 5")


def test_every_setting_is_understood(running):
    log = [line.strip() for line in running.log]
    warnings = [" ".join(pair) for pair in pairwise([*log, ""]) if "(api.W" in pair[0]]
    means = "simplejwt says nothing about it. The server's own check warns at each start: read its log."
    sent = "nothing, and read the log of the server's start"
    expect(warnings, [], sent=sent, means=means, see="05, section 7")


def known_key_signs(keyed):
    """A token signed with the key of JWT_SIGNING_KEY is accepted; without that, no refusal would prove anything."""
    own = signed(login(keyed.url)["access"], KEY)
    means = "The server does not sign with the key in JWT_SIGNING_KEY: read that variable for SIGNING_KEY."
    sent = "a token signed with JWT_SIGNING_KEY to a server that was started with this variable"
    expect(answer(presented(keyed.url, own)), (200, None), sent=sent, means=means, see="05, section 2")


def login(url):
    """The pair of a login; every check needs one, so a login that gives none is said first."""
    response = requests.post(f"{url}/api/token/", json={"username": "ada", "password": "test"}, timeout=5)
    got = sorted(response.json()) if response.ok else answer(response)
    means = "Whatever the settings, a login has to give a token pair."
    expect(got, ["access", "refresh"], sent="ada's login", means=means, see="05, section 6")
    return response.json()


def get(url, headers):
    return requests.get(f"{url}/user-orders/", headers=headers, timeout=5)


def presented(url, token):
    """The answer to the token under the scheme that the server asks for, whichever that is."""
    scheme = challenge(url).partition(" ")[0]
    return get(url, {"Authorization": f"{scheme} {token}"})


def challenge(url):
    return get(url, {}).headers.get("WWW-Authenticate", "")


def signed(token, key, **changed):
    """The claims of a real token, some changed, signed anew with the key."""
    return jwt.encode(parts(token)[1] | changed, key, hash_of(token))


def signs(text, token):
    """Whether this text is the key of the token."""
    try:
        jwt.decode(token, text, [hash_of(token)], options={"verify_aud": False, "verify_exp": False})
    except (jwt.PyJWTError, ValueError):
        return False
    return True


def hash_of(token):
    """The token's algorithm, or HS256 for one with two keys: what is signed so is refused there."""
    algorithm = str(parts(token)[0].get("alg"))
    return algorithm if algorithm in ("HS256", "HS384", "HS512") else "HS256"


def texts(file):
    """Every text that the file writes out; none for a file that is no Python."""
    try:
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    except (SyntaxError, ValueError):
        return []
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
