"""What step 05 asks: a signing key of its own, an issuer and an audience, a second scheme, and lifetimes for a shop."""

import ast
import functools
import os
import secrets
import stat
import time
from itertools import pairwise

import jwt
import pytest
import requests
from requests.structures import CaseInsensitiveDict

from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, expect, leaked
from workshop.learner.check_plugin import TREE
from workshop.servers.manage import Command, environment

FILE = "client/shop_client.py"
KEY_FILE = ".development_signing_key"
ISSUER, AUDIENCE = "https://shop.example", "shop-api"
ASKED = {"iss": ("ISSUER", ISSUER), "aud": ("AUDIENCE", AUDIENCE)}
SCHEMES = ("Bearer", "Shop")
KEY, SECOND_SECRET_KEY = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
REFUSED = (401, "Token is invalid")
NO_CREDENTIALS = (401, "Authentication credentials were not provided.")
LONG = {"access": 300, "refresh": 3600}  # seconds

# The keys a server is started with in production. 31 bytes are one too few for HS256.
PRODUCTION = {"missing": None, "31 bytes": secrets.token_hex(16)[:31], "good": KEY}
# A token that another process of the tree makes, for ada.
MINT = """
from rest_framework_simplejwt.tokens import AccessToken
print(AccessToken.for_user(User.objects.get(username="ada")))
"""


@pytest.fixture
def url(lasting):
    """These checks are not about expiry."""
    return lasting.url


@pytest.fixture(scope="module")
def keyed(serve_once):
    """One more, with a signing key that this check knows."""
    return serve_once(**LONG, environment={"JWT_SIGNING_KEY": KEY})


@pytest.fixture(scope="module")
def production(lasting):
    """How each start in production ended: `manage.py check` reads the settings as every start does."""
    secret = {"DJANGO_DEBUG": "0", "DJANGO_SECRET_KEY": SECOND_SECRET_KEY}
    keys = {name: {"JWT_SIGNING_KEY": key} if key else {} for name, key in PRODUCTION.items()}
    begun = {name: begin(lasting, TREE, "check", **secret | key) for name, key in keys.items()}
    return {name: started(process) for name, process in begun.items()}


def started(process):
    try:
        ended(process)
    except WorkshopError as error:
        return "a refusal that names JWT_SIGNING_KEY" if "JWT_SIGNING_KEY" in str(error) else str(error)
    return "the server starts"


@pytest.fixture(scope="module")
def minted(lasting, tmp_path_factory):
    """Tokens made by other processes of the same tree."""
    places = {
        "another SECRET_KEY": (TREE, {"DJANGO_SECRET_KEY": SECOND_SECRET_KEY}),
        "another folder": (tmp_path_factory.mktemp("another-folder"), {}),
    }
    begun = {name: begin_minting(lasting, folder, **more) for name, (folder, more) in places.items()}
    return {name: ended(process).split()[-1] for name, process in begun.items()}


def begin_minting(server, folder=TREE, **variables):
    return begin(server, folder, "shell", "--verbosity", "0", "--command", MINT, **variables)


def begin(server, folder, *arguments, **variables):
    """A manage.py of the tree, on the database of a server, started in that folder."""
    variables = environment(TREE, server.folder / "db.sqlite3", **server.environment | variables)
    return Command(TREE, list(arguments), variables, folder)


def ended(command):
    """What it printed; a sentence when it failed."""
    return command.printed("The server did not start")


@pytest.fixture
def same_elsewhere(url, lasting):
    """Whether the server accepts a token of another process that was started as it was: asked when something failed."""
    return lambda: answer(presented(url, ended(begin_minting(lasting)).split()[-1])) == (200, None)


# What every start shows.


def test_every_setting_is_understood(lasting):
    log = [line.strip() for line in lasting.log]
    warnings = [" ".join(pair) for pair in pairwise([*log, ""]) if "(hardening.W" in pair[0]]
    means = "simplejwt says nothing about it. The server's own check warns at each start: read its log."
    sent = "nothing, and read the log of the server's start"
    expect(warnings, [], sent=sent, means=means, see="05, section 7")


def test_the_lifetimes_are_those_of_an_open_shop(running):
    pair = login(running.url)
    found = {kind: parts(token)[1] for kind, token in pair.items()}
    got = ", ".join(f"{kind} {claims['exp'] - claims['iat']} s" for kind, claims in sorted(found.items()))
    means = "The seconds of step 03 were for watching: with them people log in all day. Five minutes and a day, as timedelta."
    sent = "a login to your server as it starts, and read exp - iat in both tokens"
    expect(got, "access 300 s, refresh 86400 s", sent=sent, means=means, see="05, section 1")


# Two schemes, on both sides.


def test_the_challenge_still_names_bearer(url):
    means = 'The challenge names the first of AUTH_HEADER_TYPES, and clients that follow it know Bearer: ("Bearer", "Shop").'
    if "," in challenge(url).partition(" realm")[0]:
        means = 'AUTH_HEADER_TYPES holds one text with a comma in it. Two schemes are two texts: ("Bearer", "Shop").'
    sent = "GET /user-orders/ without a token, and read WWW-Authenticate"
    expect(challenge(url), 'Bearer realm="api"', sent=sent, means=means, see="05, section 5")


def test_the_old_scheme_still_works(url):
    means = "Every client that still says Bearer is logged out. Add the new scheme to AUTH_HEADER_TYPES, and keep the old one."
    expect_scheme(url, "Bearer", means)


def test_the_new_scheme_is_accepted(url):
    means = 'The server does not listen for "Shop", and an unknown scheme counts as no credentials. Add it to AUTH_HEADER_TYPES.'
    expect_scheme(url, "Shop", means)


def expect_scheme(url, scheme, means):
    got = answer(get(url, {"Authorization": f"{scheme} {login(url)['access']}"}))
    if got != NO_CREDENTIALS:
        means = f"The scheme is accepted, and a token that is seconds old is not: {got[1]}. Look at the other settings."
    expect(got, (200, None), sent=f"Authorization: {scheme} <access>", means=means, see="05, section 5")


def test_the_client_says_the_new_scheme(url, learner):
    access = login(url)["access"]
    header = learner(FILE).authorization(access)
    names = list(header) if isinstance(header, dict) else []
    value = CaseInsensitiveDict(header).get("Authorization") if isinstance(header, dict) else None
    got = value.replace(access, "<access>") if isinstance(value, str) else f"{header!r}"
    means = (
        "The server was changed and the client was not: a scheme is agreed on by both sides."
        if got == "Bearer <access>"
        else 'authorization() gives a dict, ready for headers=, with the one name "Authorization": Shop, a space, the token.'
    )
    sent = "an access token to authorization(), and read the header Authorization"
    expect(got, "Shop <access>", sent=sent, means=means, see="05, section 5")
    means = "One header presents a token. Every further one is a place where the token may be seen."
    sent = "an access token to authorization(), and counted the headers"
    expect([name.title() for name in names], ["Authorization"], sent=sent, means=means, see="05, section 5")
    means = "The client was changed and the server was not: it counts an unknown scheme as no credentials."
    got = answer(get(url, {"Authorization": value}))
    if got not in (NO_CREDENTIALS, (200, None)):
        means = f"The server knows the scheme, and a token that is seconds old is not accepted: {got[1]}."
    expect(got, (200, None), sent="GET /user-orders/ with that header", means=means, see="05, section 5")


# A signing key of its own.


def test_the_signing_key_is_not_the_secret_key(url, lasting):
    forged = signed(login(url)["access"], (lasting.tree / ".development_key").read_text().strip())
    means = "The server signs with SECRET_KEY, so whoever has SECRET_KEY can make tokens for anyone. Give SIGNING_KEY a key of its own."
    sent = "a token of one's own, signed with SECRET_KEY"
    expect(answer(presented(url, forged)), REFUSED, sent=sent, means=means, see="05, section 2")


def test_a_new_secret_key_logs_nobody_out(url, minted, same_elsewhere):
    token = minted["another SECRET_KEY"]
    got, means = answer(presented(url, token)), MADE_ANEW
    if signs(SECOND_SECRET_KEY, token):
        means = "The new SECRET_KEY signs, and it knows no older token. Keep SIGNING_KEY apart from it."
    elif got != (200, None) and same_elsewhere():
        means = (
            "The signing key is made from SECRET_KEY, so it changes with it. Make a random one, and keep it."
        )
    sent = "a token of a process that was started with another DJANGO_SECRET_KEY"
    expect(got, (200, None), sent=sent, means=means, see="05, section 2")


def test_the_key_does_not_depend_on_where_the_server_is_started(url, minted, same_elsewhere):
    got, means = answer(presented(url, minted["another folder"])), MADE_ANEW
    if got != (200, None) and same_elsewhere():
        means = "A path without a beginning is looked up in the folder in which the server is started. Begin it with BASE_DIR."
    sent = "a token of a process of the same server that was started in another folder"
    expect(got, (200, None), sent=sent, means=means, see="05, section 2")


MADE_ANEW = "Each start makes another signing key, so each restart logs everybody out. Keep it in a file or a variable."


def test_in_development_the_key_is_kept_in_its_file(url, lasting):
    file = lasting.tree / KEY_FILE
    if not file.exists():
        got = "no such file"
    elif not signs(file.read_text(encoding="utf-8").strip(), login(url)["access"]):
        got = "a file, and the server signs with another key"
    elif os.name == "posix" and file.stat().st_mode & 0o077:
        got = f"the key, in a file that others can read, too ({stat.filemode(file.stat().st_mode)})"
    else:
        got = "the key, for its owner only"
    means = (
        f"Without JWT_SIGNING_KEY the first start makes a random key and keeps it in {KEY_FILE} beside manage.py, "
        "readable by its owner only. environment.key() does all of that."
    )
    sent = f"nothing, and read {KEY_FILE} after a start without JWT_SIGNING_KEY"
    expect(got, "the key, for its owner only", sent=sent, means=means, see="05, section 2")


def test_the_signing_key_is_in_no_file_that_git_would_keep(url, lasting):
    access = login(url)["access"]
    found = [
        file.relative_to(lasting.tree).as_posix()
        for file in kept_by_git(lasting.tree)
        if any(signs(text, access) for text in texts(file))
    ]
    means = (
        "Whoever reads the source can sign: it lies in git, in every clone and every backup. Read the key from the environment; "
        f"the only key file is {KEY_FILE} beside manage.py, which git ignores."
    )
    sent = "each text in the files of the server, tried as the key of a real token"
    expect(found, [], sent=sent, means=means, see="05, section 2")


def test_the_signing_key_is_read_from_its_variable(keyed):
    known_key_signs(keyed)


def test_the_signing_key_is_printed_nowhere(lasting, keyed, said):
    file = lasting.tree / KEY_FILE
    keys = {
        "the key in JWT_SIGNING_KEY": KEY,
        f"the key in {KEY_FILE}": file.read_text().strip() if file.exists() else None,
    }
    log = "\n".join(said.by_server(server) for server in (lasting, keyed))
    means = "A log is kept, copied and read by many, and each of them can sign a token for anybody. Take the print() out."
    sent = "nothing, and read the logs of two servers"
    expect(", ".join(leaked(log, keys)) or "no key", "no key", sent=sent, means=means, see="05, section 2")


@pytest.mark.parametrize("key", ["missing", "31 bytes"])
def test_production_does_not_start_without_a_good_key(production, key):
    means = "A server that signs with a key of convenience looks healthy. environment.key() refuses to start with one."
    if key != "missing":
        means = (
            "HS256 wants 32 bytes at least: a shorter key is guessed offline, from one token. environment.key() refuses "
            "to start with one."
        )
    sent = f"DJANGO_DEBUG=0 and {'no JWT_SIGNING_KEY' if key == 'missing' else f'a JWT_SIGNING_KEY of {key}'} to the start of a server"
    expect(
        production[key], "a refusal that names JWT_SIGNING_KEY", sent=sent, means=means, see="05, section 2"
    )


def test_production_starts_with_a_good_key(production):
    means = "The key is random and long enough. A server that refuses every key serves nobody."
    sent = f"DJANGO_DEBUG=0 and a random JWT_SIGNING_KEY of {len(KEY)} characters to the start of a server"
    expect(production["good"], "the server starts", sent=sent, means=means, see="05, section 2")


# Who issued it, for whom, and until when.


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


def test_an_expired_token_is_rejected_within_two_minutes(keyed):
    known_key_signs(keyed)
    now = int(time.time())
    late = signed(login(keyed.url)["access"], KEY, iat=now - 400, exp=now - 120)
    means = (
        "LEEWAY is added to every exp: it lets a dead token live on. It is an allowance for clocks that differ, "
        "of a few seconds."
    )
    sent = "an access token two minutes after its expiry"
    expect(
        answer(presented(keyed.url, late)),
        (401, "Token is expired"),
        sent=sent,
        means=means,
        see="05, section 6",
    )


def test_no_attack_on_the_list_succeeds(url, attacks):
    accepted_scheme(url)
    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see="05, section 9")


# What the checks use.


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
    """The response to the token under a scheme that the server understands."""
    return get(url, {"Authorization": f"{accepted_scheme(url)} {token}"})


@functools.cache
def accepted_scheme(url):
    """One of the two schemes; a server that understands neither refuses every token, for this reason and no other."""
    access = login(url)["access"]
    for scheme in SCHEMES:
        if answer(get(url, {"Authorization": f"{scheme} {access}"})) != NO_CREDENTIALS:
            return scheme
    means = 'The server understands neither Bearer nor Shop, so it accepts no token at all. Two schemes are two texts: ("Bearer", "Shop").'
    sent = "GET /user-orders/ without a token, and read WWW-Authenticate"
    expect(challenge(url), 'Bearer realm="api"', sent=sent, means=means, see="05, section 5")
    return SCHEMES[0]


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


def kept_by_git(tree):
    """The files of the tree that a commit would take: not the databases, nor the key files at its top."""
    for file in sorted(tree.rglob("*")):
        ignored = file.parent == tree and file.name.startswith(".development_")
        if file.is_file() and not ignored and "__pycache__" not in file.parts and ".sqlite3" not in file.name:
            yield file


def texts(file):
    """Every text that the file holds: in Python each literal, else each line and what follows an equals sign."""
    source = file.read_bytes()
    if len(source) > 100_000:
        return []
    try:
        nodes = ast.walk(ast.parse(source)) if file.suffix == ".py" else []
    except (SyntaxError, ValueError):
        return []
    literals = [node.value for node in nodes if isinstance(node, ast.Constant)]
    found = [value.decode("latin-1") if isinstance(value, bytes) else value for value in literals]
    if file.suffix != ".py":
        lines = [line.strip() for line in source.decode("latin-1").splitlines()]
        found = lines + [line.partition("=")[2].strip(" \"'") for line in lines]
    return [text for text in found if isinstance(text, str) and text]
