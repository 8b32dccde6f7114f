"""What step 05 asks: a signing key of its own, an issuer and an audience, a second scheme, and lifetimes for a shop."""

import ast
import json
import os
import secrets
import shutil
import stat
import time
from itertools import pairwise

import jwt
import pytest
import requests
from requests.structures import CaseInsensitiveDict

from workshop.attacks import WRONG_TYPE
from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, expect, expect_each, leaked
from workshop.servers.manage import environment
from workshop.servers.traceback_text import explain
from workshop.servers.transport import command

FILE = "client/shop_client.py"
KEY_FILE = ".development_signing_key"
ISSUER, AUDIENCE = "https://shop.example", "shop-api"
ASKED = {"iss": ("ISSUER", ISSUER), "aud": ("AUDIENCE", AUDIENCE)}
KEY, SECOND_SECRET_KEY = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
SPACED = "the same key with spaces or a line break around it"
REFUSED = (401, "Token is invalid")
NO_CREDENTIALS = (401, "Authentication credentials were not provided.")
LONG = {"access": 300, "refresh": 3600}  # seconds

PLACEHOLDERS = ("Change", "example", "insecure", "placeholder")
# The keys a server is started with in production, each with a spelling of off. `key()` asks for 50 characters, 5 of them different:
# characters, not bytes.
PRODUCTION = {
    "missing": (" False ", [None, ""]),
    "49 characters": ("OFF", [secrets.token_urlsafe(64)[:49], f"äçéñöø{secrets.token_urlsafe(64)[:43]}"]),
    "four different characters": ("no", ["keys" * 16, "äöøß" * 16]),
    "a placeholder": ("0", [f"a{word}d{secrets.token_hex(32)}" for word in PLACEHOLDERS]),
    "too short for HS512": ("0", [secrets.token_urlsafe(64)[:55]]),  # good for HS256
    "good": ("0", [KEY]),
}
# Many starts in one process, where no server runs: each reads the modules of the tree anew, with an environment of its own, and
# as `python -O` does.
STARTS = f"""
import importlib
import json
import os
import sys
import tempfile
import traceback
from importlib.machinery import SourceFileLoader
from pathlib import Path
from unittest.mock import patch

from drf_course.environment import BASE_DIR
from drf_course.simple_jwt import SIMPLE_JWT

file, aside = BASE_DIR / "{KEY_FILE}", BASE_DIR / "made-by-the-first"
variables, rival, folder, written = dict(os.environ), [], os.getcwd(), set()

def changes(event, arguments):
    if event == "open":
        writes = bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        return writes and not any(name in str(arguments[0]) for name in ("__pycache__", ".development_key"))  # SECRET_KEY's
    return event in ("os.link", "os.mkdir", "os.rename", "os.symlink", "fcntl.flock", "fcntl.lockf")

def meet(event, arguments):
    if not changes(event, arguments):
        return
    written.update(Path(name).absolute() for name in arguments[:2] if isinstance(name, (str, os.PathLike)))
    if rival:  # before the second changes any file, the first has made the key and its file
        rival.clear()
        aside.rename(file)

def own(module):
    return Path(getattr(module, "__file__", None) or "/").is_relative_to(BASE_DIR)

def without_asserts(loader, source, path, **_):
    return compile(source, path, "exec", dont_inherit=True, optimize=1)

def start(**changed):
    for name in [name for name, module in list(sys.modules.items()) if own(module) and name != "__main__"]:
        del sys.modules[name]
    changed = {{name: value for name, value in (variables | changed).items() if value is not None}}
    try:
        with patch.dict(os.environ, changed, clear=True), patch.object(SourceFileLoader, "source_to_code", without_asserts):
            return dict(importlib.import_module("drf_course.simple_jwt").SIMPLE_JWT)
    except BaseException:
        return traceback.format_exc()

def elsewhere(place):
    program, main = str(Path(place) / "gunicorn"), sys.modules["__main__"]
    os.chdir(place)
    try:
        with patch.object(sys, "argv", [program]), patch.object(main, "__file__", program):
            return start()
    finally:
        os.chdir(folder)

def key(settings):
    found = settings.get("SIGNING_KEY", importlib.import_module("drf_course.environment").SECRET_KEY)
    if isinstance(found, bytes):
        return found.decode(errors="replace")
    return getattr(found, "private_bytes_raw", lambda: found)()  # of a key pair, from step 11 on

def compared(settings):
    if isinstance(settings, str):
        return settings
    secret = importlib.import_module("drf_course.environment").SECRET_KEY
    other = key(settings)
    if other != first and str(other).strip() == str(first).strip():
        return SPACED
    return "the same key" if other == first else "SECRET_KEY" if other == secret else "another key"

def copies():
    others = sorted(name for name in written if name.is_file() and name != file)
    held = [name for name in others if any(str(key) in name.read_text(encoding="latin-1") for key in signing)]
    return [str(name.relative_to(BASE_DIR) if name.is_relative_to(BASE_DIR) else name) for name in held]

def shown(settings):
    return {{name: repr(settings[name]) for name in sorted(settings) if not name.endswith("_KEY")}}

first, development = key(SIMPLE_JWT), shown(SIMPLE_JWT)
signing = [first, *PRODUCTION["good"][1]]
found = {{"again": compared(start()), "another SECRET_KEY": compared(start(DJANGO_SECRET_KEY=OTHER))}}
found["an empty JWT_SIGNING_KEY"] = compared(start(JWT_SIGNING_KEY=""))
found["at the same time"] = "the same key"  # without a key file there is nothing to make
with tempfile.TemporaryDirectory() as place:
    found["another folder and program"] = compared(elsewhere(place))
if file.exists():
    file.rename(aside)
    sys.addaudithook(meet)
    rival.append("ready")
    found["at the same time"] = compared(start())
    rival.clear()
    file.unlink(missing_ok=True)
    made = start()
    found["without the file"] = compared(made)
    signing += [key(made)] if isinstance(made, dict) else []
found["not taken"] = []
for name, (off, keys) in PRODUCTION.items():
    given = [(each, start(JWT_SIGNING_KEY=each)) for each in keys if each]
    if any(isinstance(settings, str) or key(settings) != each for each, settings in given):
        found["not taken"].append(name)
    made = [start(DJANGO_DEBUG=off, DJANGO_SECRET_KEY=OTHER, JWT_SIGNING_KEY=each) for each in keys]
    found[name] = [settings if isinstance(settings, str) else "the server starts" for settings in made]
    if isinstance(made[-1], dict):
        found["settings"] = {{"development": development, "production": shown(made[-1])}}
made = start(DJANGO_DEBUG="0", DJANGO_SECRET_KEY=OTHER, JWT_SIGNING_KEY=None)
found["falls back"] = isinstance(made, dict) and file.exists() and key(made) == file.read_text().strip()
found["copies"] = copies()
(BASE_DIR / "found.json").write_text(json.dumps(found), encoding="utf-8")
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
def starts(lasting, tmp_path_factory):
    """What many starts of a copy of the tree found: which signing key each has, or its refusal. "said" is all that they printed."""
    tree = tmp_path_factory.mktemp("starts") / "tree"
    shutil.copytree(
        lasting.tree,
        tree,
        ignore=shutil.ignore_patterns("*.sqlite3*", ".development_*", ".history", "__pycache__"),
    )
    code = f"OTHER, PRODUCTION, SPACED = {SECOND_SECRET_KEY!r}, {PRODUCTION!a}, {SPACED!r}\n{STARTS}"
    variables = environment(tree, lasting.folder / "db.sqlite3", **lasting.environment)
    failed, out, err = command(tree, ["shell", "--verbosity", "0", "--command", code], variables)
    if failed:
        raise WorkshopError(explain(err, tree, "The server did not start"))
    text = (tree / "found.json").read_text(encoding="utf-8")
    file = tree / KEY_FILE
    return json.loads(text) | {
        "tree": tree,
        "said": out + err + text,
        "made": file.read_text(encoding="utf-8").strip() if file.exists() else None,
    }


def refusal(said, tree):
    """Whether a start in production was refused with a sentence about the key."""
    why = said if said == "the server starts" else explain(said, tree, "The server did not start")
    return "a refusal that names JWT_SIGNING_KEY" if "JWT_SIGNING_KEY" in why else why


# What every start shows.


def test_every_setting_is_understood(lasting):
    log = [line.strip() for line in lasting.log]
    warnings = [" ".join(pair) for pair in pairwise([*log, ""]) if "(hardening.W" in pair[0]]
    means = "simplejwt says nothing about it. The server's own check warns at each start: read its log."
    sent = "nothing, and read the log of the server's start"
    expect(warnings, [], sent=sent, means=means, see="05, section 7")
    lacking = sorted({"user_id", "jti"} - parts(login(lasting.url)["access"])[1].keys())
    means = (
        "USER_ID_CLAIM and JTI_CLAIM name these claims, and keep their defaults. Another name makes nothing "
        "stricter, and every token that is out there has the old one: whoever changes it logs everybody out."
    )
    expect(
        lacking,
        [],
        sent="a login, and looked which claims its access token lacks",
        means=means,
        see="05, section 9",
    )


def test_the_lifetimes_are_those_of_an_open_shop(running, starts):
    pair = login(running.url)
    found = {kind: parts(pair[kind])[1] for kind in ("access", "refresh")}
    # Both are counted from here: an access token's own iat may be a second later.
    issued = found["refresh"]["iat"]
    got = ", ".join(f"{kind} {claims['exp'] - issued} s" for kind, claims in found.items())
    means = "The seconds of step 03 were for watching: with them people log in all day. Five minutes and a day, as timedelta."
    sent = "a login to your server as it starts, and read how long both tokens live"
    expect(got, "access 300 s, refresh 86400 s", sent=sent, means=means, see="05, section 1")
    # There are none of a start that was refused.
    settings = starts.get("settings", {"development": {}, "production": {}})
    names = settings["development"] | settings["production"]
    production, development = (
        {name: settings[place].get(name, "not set") for name in names}
        for place in ("production", "development")
    )
    means = "What you tried in development is not what the open shop has. In production only the key is another: keep the other entries."
    sent = "DJANGO_DEBUG=0 and a good key to the start of a server, and compared its SIMPLE_JWT with that of development"
    expect_each(production, development, sent=sent, means=means, see="05, section 1")


# Two schemes, on both sides.


def test_both_schemes_are_accepted_and_the_challenge_names_bearer(url):
    access, both = login(url)["access"], 'Two schemes are two texts, Bearer first: ("Bearer", "Shop").'
    for scheme in ("Bearer", "Shop"):
        got = answer(get(url, {"Authorization": f"{scheme} {access}"}))
        means = f"The server does not listen for Shop, and an unknown scheme counts as no credentials. {both}"
        if got != NO_CREDENTIALS:
            means = f"The scheme is accepted, and a token that is seconds old is not: {got[1]}. Look at the other settings."
        elif scheme == "Bearer":
            means = f"Every client that still says Bearer is logged out. Add the new scheme, and keep the old one. {both}"
        expect(got, (200, None), sent=f"Authorization: {scheme} <access>", means=means, see="05, section 5")
    challenge = get(url, {}).headers.get("WWW-Authenticate", "")
    means = (
        f"The challenge names the first of AUTH_HEADER_TYPES, and clients that follow it know Bearer. {both}"
    )
    sent = "GET /user-orders/ without a token, and read WWW-Authenticate"
    expect(challenge, 'Bearer realm="api"', sent=sent, means=means, see="05, section 5")


def test_the_client_says_the_new_scheme(url, learner):
    access, authorization = login(url)["access"], learner(FILE).authorization
    header, *others = [authorization(token) for token in (access, access, "another-token")]
    names = list(header) if isinstance(header, dict) else []
    value = CaseInsensitiveDict(header).get("Authorization") if isinstance(header, dict) else None
    got = value.replace(access, "<access>") if isinstance(value, str) else f"{header!r}"
    means = 'authorization() gives a dict, ready for headers=, with the one name "Authorization": Shop, a space, the token.'
    if got == "Bearer <access>":
        means = "The server was changed and the client was not: a scheme is agreed on by both sides."
    if names and any(header is other for other in others):
        got = "the same dict as in another call"
        means = "What one caller writes into its header, every other sends: one user presents another's token. Make a new dict each time."
    sent = "an access token to authorization(), twice, then another one, and read the header Authorization of the first"
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


OTHER_STARTS = {
    "another SECRET_KEY": "The signing key is made from SECRET_KEY, or is SECRET_KEY, so it changes with it. Make a random one, and keep it.",
    "an empty JWT_SIGNING_KEY": "An empty variable is no key: with it, anybody could sign. It counts as one that is not set.",
    "another folder and program": (
        "A path without a beginning is looked up in the folder in which the server is started, and one made from sys.argv beside the "
        "program, which may be gunicorn. Begin it with BASE_DIR."
    ),
    "at the same time": (
        "The second server did not see that the first had just made a key, and signs with its own: neither accepts the other's "
        'tokens. Create the file with mode "x", which fails when it is there, then read it. environment.key() does that.'
    ),
}


@pytest.mark.parametrize("other", OTHER_STARTS)
def test_every_start_has_the_same_key(starts, other):
    got, means = told_start(starts, starts[other]), OTHER_STARTS[other]
    if got == SPACED:
        means = "What is read from the file ends with the line break that was written there, and the first start signed without it. Cut it off: strip()."
    elif starts["again"] != "the same key":
        means = "Each start makes another signing key, so each restart logs everybody out. Keep it in a file or a variable."
    sent = f"two starts, the second with {other}, and compared their signing keys"
    if other == "at the same time":
        sent = f"two starts at once where there was no {KEY_FILE}, and compared their signing keys"
    expect(got, "the same key", sent=sent, means=means, see="05, section 2")


def told_start(starts, said):
    """Which key a start has; the sentence of one that was refused."""
    known = ("the same key", "another key", "SECRET_KEY", SPACED)
    return said if said in known else explain(said, starts["tree"], "The server did not start")


def test_in_development_the_key_is_kept_in_its_file(url, lasting, starts):
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
    got = told_start(starts, starts.get("without the file", "another key"))
    means = "The key is computed, and whoever knows from what computes it, too. Let chance make it: secrets.token_urlsafe(64), once."
    sent = f"two starts, each without {KEY_FILE}, and compared the signing keys that they made"
    expect(got, "another key", sent=sent, means=means, see="05, section 2")
    copies = ", ".join(starts["copies"]) or "no other file"
    means = f"Whoever reads that file can sign, and nobody remembers that it is there. The only file that holds the key is {KEY_FILE}."
    sent = "nothing, and looked for the key in every file that a start wrote, inside your server's folder and outside"
    expect(copies, "no other file", sent=sent, means=means, see="05, section 2")


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


def test_the_signing_key_is_read_from_its_variable(keyed, starts):
    known_key_signs(keyed)
    means = "In development, the variable is the key whenever it is set. A key that is passed over in silence is looked for all day."
    sent = "a JWT_SIGNING_KEY of 49 characters, one of four different characters, placeholders and a good one to starts in development"
    got = (
        f"another key, or no start, with {', '.join(starts['not taken'])}"
        if starts["not taken"]
        else "each is the key"
    )
    expect(got, "each is the key", sent=sent, means=means, see="05, section 2")


def test_the_signing_key_is_printed_nowhere(lasting, keyed, starts, said):
    file = lasting.tree / KEY_FILE
    keys = {
        "the key in JWT_SIGNING_KEY": KEY,
        f"the key in {KEY_FILE}": file.read_text().strip() if file.exists() else None,
        "the key that a start has just made": starts["made"],
    }
    log = "\n".join([starts["said"], *(said.by_server(server) for server in (lasting, keyed))])
    means = "A log is kept, copied and read by many, and each of them can sign a token for anybody. Take out the line that writes it."
    sent = "nothing, and read what starts in development and in production, with good keys, wrote"
    expect(", ".join(leaked(log, keys)) or "no key", "no key", sent=sent, means=means, see="05, section 2")
    found = [
        name
        for name in [*WEAK, "too short for HS512"]
        for key in PRODUCTION[name][1]
        if leaked(starts["said"], {name: key or None})
    ]
    means = "The message of a refused start is in the log, too, and a weak key is often nearly a good one. Say what is wrong with it, not what it is."
    sent = "weak and short keys to starts in production, and read what these said"
    expect(", ".join(found) or "no key", "no key", sent=sent, means=means, see="05, section 2")


WEAK = {
    "missing": "A server that signs with a key of convenience looks healthy.",
    "49 characters": "The shorter a key, the sooner it is guessed offline, from one token: fewer than 50 characters are too few.",
    "four different characters": "Its length alone makes no key strong: few different characters are guessed offline, from one token.",
    "a placeholder": "Everybody who has read the documentation knows such a key: it is none that somebody made for this server.",
}


@pytest.mark.parametrize("key", WEAK)
def test_production_does_not_start_without_a_good_key(starts, key):
    off, _ = PRODUCTION[key]
    given = "no JWT_SIGNING_KEY, or an empty one," if key == "missing" else f"a JWT_SIGNING_KEY of {key}"
    means = "A random key of 86 characters is a good key. A server that refuses every key serves nobody."
    sent = "DJANGO_DEBUG=0 and a random JWT_SIGNING_KEY to the start of a server"
    expect(
        refusal(starts["good"][0], starts["tree"]),
        "the server starts",
        sent=sent,
        means=means,
        see="05, section 2",
    )
    wanted = "a refusal that names JWT_SIGNING_KEY"
    found = [refusal(said, starts["tree"]) for said in starts[key]]
    which = next((number for number, each in enumerate(found) if each != wanted), 0)
    if key == "a placeholder":
        given = f"a JWT_SIGNING_KEY with {PLACEHOLDERS[which]} in it"
    sent = f"DJANGO_DEBUG={off!r} and {given} to the start of a server with python -O"
    means = (
        f"{WEAK[key]} environment.key() refuses to start with one, and its DEBUG knows every spelling of off. An assert refuses "
        "nothing, because `python -O` leaves it out, and a system check is for some commands of manage.py: wsgi.py runs none."
    )
    if key == "missing" and starts["falls back"]:
        means = (
            f"In production, without the variable, your server signs with the key of development, from {KEY_FILE}: it looks "
            "healthy, and nobody notices that its own key has not arrived. environment.key() with debug=DEBUG refuses to start."
        )
    expect(found[which], wanted, sent=sent, means=means, see="05, section 2")


# Who issued it, for whom, and until when.


@pytest.mark.parametrize("claim", ASKED)
def test_a_token_says_who_issued_it_and_for_whom(url, claim):
    setting, wanted = ASKED[claim]
    got = parts(login(url)["access"])[1].get(claim, f"no {claim}")
    got = got[0] if isinstance(got, list) and len(got) == 1 else got  # RFC 7519: aud may be a list
    means = f"{setting} writes the claim {claim} into every token, and ISSUER and AUDIENCE write one each."
    if isinstance(got, list):
        means = "A list has a name for each API that the token opens, and each name in it gets in here: this API has one."
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


def test_an_expired_token_is_rejected_within_seconds(keyed):
    known_key_signs(keyed)
    now = int(time.time())
    late = signed(login(keyed.url)["access"], KEY, iat=now - 400, exp=now - 11)
    means = (
        "LEEWAY is added to every exp: it lets a dead token live on. It is an allowance for clocks that differ, "
        "of ten seconds at most. A number counts seconds, and timedelta(10) is ten days."
    )
    sent = "an access token eleven seconds after its expiry"
    expect(
        answer(presented(keyed.url, late)),
        (401, "Token is expired"),
        sent=sent,
        means=means,
        see="05, section 6",
    )


def test_a_token_of_another_kind_is_refused(keyed):
    known_key_signs(keyed)
    access = login(keyed.url)["access"]
    means = (
        "A protected endpoint accepts access tokens and nothing else: keep AUTH_TOKEN_CLASSES and TOKEN_TYPE_CLAIM at their "
        "defaults. Every further kind of token is a further way in, with a life of its own."
    )
    sent = "a well signed token whose token_type is sliding"
    response = presented(keyed.url, signed(access, KEY, token_type="sliding"))
    expect(answer(response), WRONG_TYPE, sent=sent, means=means, see="05, section 9")
    kinds = sorted({entry["token_type"] for entry in response.json().get("messages", [])})
    sent += ", and read which kinds of token the refusal asks for"
    expect(kinds, ["access"], sent=sent, means=means, see="05, section 9")


def test_a_refresh_token_does_not_renew_itself(url):
    first = login(url)["refresh"]
    second = refreshed(url, first).get("refresh", first)
    third = refreshed(url, second).get("refresh", second)  # a server may allow the one before for a moment
    again = "an access token" if third != first and "access" in refreshed(url, first) else "no access token"
    means = (
        "Each refresh gives a refresh token with a whole day before it, and the old one goes on working: a stolen one never "
        "ends. Rotation needs more than ROTATE_REFRESH_TOKENS, and step 07 builds it. Leave it out here."
    )
    sent = "a refresh token, then the one it was replaced with, and then the first once more"
    expect(again, "no access token", sent=sent, means=means, see="05, section 6")


def refreshed(url, token):
    """What a refresh gives: a JSON object, of tokens or of a refusal."""
    return requests.post(f"{url}/api/token/refresh/", json={"refresh": token}, timeout=5).json()


def test_no_attack_on_the_list_succeeds(url, attacks):
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
    """The response to the token, under the scheme that the server understands."""
    response = get(url, {"Authorization": f"Bearer {token}"})
    return get(url, {"Authorization": f"Shop {token}"}) if answer(response) == NO_CREDENTIALS else response


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
