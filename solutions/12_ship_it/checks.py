"""What step 12 asks of drf_course/production.py: the whole shop is started with it, and looked at from outside."""

import json
import re
import secrets
from types import SimpleNamespace

import psycopg
import pytest
import requests
from requests.adapters import HTTPAdapter

from workshop import attacks as attack_list
from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, body_of, expect, expect_each, leaked, texts_in, told, tried
from workshop.learner.check_plugin import TREE
from workshop.servers.shipped import missing, shipped

YEAR = 31_536_000  # seconds
HOUR = 3600  # seconds
LIMIT = 10  # failed logins of an account within a minute
QUERY = "a-token-in-the-query"  # of a request that ends in an error
FAULT = "the-fault-of-that-request"
ANY_NAME = "token={0}&jwt={0}&{0}"  # a client may give a token any name in the query, or none
OFF = ["false", "No", "off", "", "nope"]  # beside 0: what turns nothing on
TOO_MANY, BAD = "429 too_many_failed_logins", "400 bad_request"
# What the schema does not name is redirected, too, and so is a style.
NOT_IN_THE_SCHEMA = ["/", "/.well-known/jwks.json", "/admin/login/", "/no-such-page/", "/favicon.ico"]
# Health is the first word of its address, and the whole word.
NOT_IN_THE_SCHEMA += ["/products/health/", "/healthy/", "/.well-known/acme-challenge/x"]
# Headers of other proxies: ours hands them on as the client wrote them.
ON = ["Front-End-Https", "Https", "X-Forwarded-Https", "X-Forwarded-Ssl", "X-Https"]
HTTPS = ["X-Forwarded-Protocol", "X-Forwarded-Scheme", "X-Scheme", "X-Url-Scheme"]
ENCRYPTED = dict.fromkeys(ON, "on") | dict.fromkeys(HTTPS, "https") | {"Forwarded": "proto=https"}
ENCRYPTED |= {"CF-Visitor": '{"scheme":"https"}', "CloudFront-Forwarded-Proto": "https"}
ENCRYPTED |= {"X-Forwarded-Port": "443", "Origin": "https://localhost"}
HOSTS = ["X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-HTTP-Host-Override", "X-Original-Host"]
ADDRESSES = ["X-Forwarded-For", "X-Real-IP", "True-Client-IP", "Client-IP", "X-Client-IP", "CF-Connecting-IP"]
ADDRESSES += ["X-Cluster-Client-IP", "Fastly-Client-IP", "X-Originating-IP", "Remote-Addr", "X-Remote-Addr"]
ADDRESSES += ["X-Remote-IP", "Forwarded-For", "X-Original-Forwarded-For"]
# The end of the secret key. It begins with a quote.
UNUSUAL = """= # '$HOME' ${HOME} %(a)s {b} \\n &;,:==\n"""
# One more process of the shop, with the same settings and the same database: it looks at its settings, also without each
# of the variables and with others in them, takes failed logins as a second server would, through the same proxy, and logs
# an error that nobody has thought of.
SECOND_PROCESS = """
import json, os, runpy, sys, tempfile
from pathlib import Path
from unittest.mock import patch
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.utils.encoding import force_str
from hardening.environment import names, secret

findings = [(found.id, str(found.msg)) for found in run_checks(include_deployment_checks=True)]

forwarded = dict(REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
client = Client(HTTP_HOST="localhost", **forwarded)
body = dict(username="admin", password="wrong")
statuses = [client.post("/api/token/", body).status_code for _ in range(LIMIT)]

trusted = settings.TRUSTED_PROXIES if isinstance(settings.TRUSTED_PROXIES, list) else []
trusted.append("172.30.0.2")
sender = dict(REMOTE_ADDR="172.30.0.20", HTTP_X_FORWARDED_PROTO="https")
neighbour = Client(HTTP_HOST="localhost", **sender).get("/products/").status_code
trusted.pop()

client.raise_request_exception = False
with tempfile.TemporaryFile("w+") as log, patch.object(connection, "cursor", side_effect=RuntimeError(FAULT)):
    before = [os.dup(number) for number in (1, 2)]
    for number in (1, 2):  # the handlers of the log write there
        os.dup2(log.fileno(), number)
    try:
        failed = client.get("/products/?jwt=" + QUERY)
        error, shown = f"{failed.status_code}, ", FAULT in failed.text
    except RuntimeError:  # it went on to gunicorn
        error, shown = "no response of Django's, ", False
    log.seek(0)
    logged = log.read()
    error += "with its query in the log" if QUERY in logged else "logged" if "/products/" in logged else "not logged"
    for number in (1, 2):
        os.dup2(before[number - 1], number)

outside = set(os.environ.values())
ours = [name for name in os.environ if name.startswith("DJANGO_") and name.endswith("_FILE")]
outside |= {Path(os.environ[name]).read_text().strip() for name in ours}
own_keys = []
if force_str(settings.SECRET_KEY) != secret("DJANGO_SECRET_KEY"):
    own_keys.append("SECRET_KEY is not that of the environment")
if not outside.issuperset(map(force_str, settings.SECRET_KEY_FALLBACKS)):
    own_keys.append("a key in SECRET_KEY_FALLBACKS is not from the environment")


def loaded(name, value=None):
    "The settings, as a process loads them that starts with this in the variable, or without the variable."
    with patch.dict(os.environ, {f"DJANGO_{name}": value or ""}), patch.dict(sys.modules):
        if value is None:
            del os.environ[f"DJANGO_{name}"]
            for module in [each for each in sys.modules if each.startswith(("drf_course", "hardening"))]:
                del sys.modules[module]  # what is imported may take a default of its own
        try:
            return runpy.run_path("drf_course/production.py")
        except Exception:  # it does not start, and so lets nobody in
            return {}


def held(name, value=None):
    return set(loaded(name, value).get(name, ()))


# A list may be a constant, the same whatever the variable holds. One that has what the variable holds has nothing else.
known = {
    "ALLOWED_HOSTS": ("another.example", set(settings.ALLOWED_HOSTS) - {"*"}),
    "TRUSTED_PROXIES": ("192.0.2.7", set(names("DJANGO_TRUSTED_PROXIES"))),
}
opened = []
for name, (one, ours) in known.items():
    other = held(name, one)
    constant, more = (set(), other - {one}) if one in other else (ours & other, set())
    opened += [f"with {one} in DJANGO_{name}, {name} holds {entry!r}, too" for entry in sorted(more)]
    opened += [f"without DJANGO_{name}, {name} holds {entry!r}" for entry in sorted(held(name) - constant)]
debug_on = [word for word in OFF if loaded("DEBUG", word).get("DEBUG")]
bare = loaded("DEBUG")
found = {
    "DEBUG is on": bare.get("DEBUG"),
    "the Token Lab records every request": any(name.startswith("lab.") for name in bare.get("MIDDLEWARE", ())),
    "http is not redirected": bare and not bare.get("SECURE_SSL_REDIRECT"),
}
opened += [f"without DJANGO_DEBUG, {what}" for what in found if found[what]]


def entries(settings):
    return settings.get("REST_FRAMEWORK", {"NUM_PROXIES": 1}).get("NUM_PROXIES")


others = [("NUM_PROXIES", "0"), ("NUM_PROXIES", None), ("TRUSTED_PROXIES", "unix,192.0.2.7")]
counted = [entries(loaded(name, value)) for name, value in others]
said = dict(findings=findings, statuses=statuses, own_keys=own_keys, opened=opened, debug_on=debug_on)
said |= dict(counted=counted, error=error, shown=shown, neighbour=neighbour)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The whole shop of the tree, one for all checks, with a secret key that no reader of a file may change."""
    file = tmp_path_factory.mktemp("secrets") / "secret_key"
    file.write_text(f'"{secrets.token_urlsafe(64)}{UNUSUAL}')
    own = {"DJANGO_SECRET_KEY_FILE": str(file)}
    with shipped(TREE, web=1, **own) as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", started.verify)
        yield started


@pytest.fixture
def proxied(shop):
    """The same, for what only a proxy can show."""
    if not shop.proxy:
        pytest.skip(missing()[0])
    return shop


@pytest.fixture(scope="module")
def second(shop):
    """What the second process said of itself, by name, and tokens for the attacks."""
    given = f"LIMIT, OFF, QUERY, FAULT = {LIMIT}, {OFF}, '{QUERY}', '{FAULT}'"
    lines = shop.shell(f"{given}{SECOND_PROCESS}{attack_list.PREPARE}").strip().splitlines()
    if len(lines) < 2 or not lines[-2].startswith('{"findings":'):
        raise WorkshopError(f"`manage.py check --deploy` could not run: {' '.join(lines[-3:])[-600:]}")
    return SimpleNamespace(**json.loads(lines[-2]), prepared=lines[-1])


def execute(url, statement):
    with psycopg.connect(url) as connection:
        connection.execute(statement)


@pytest.fixture
def production_attacks(proxied, second):
    if missing():
        pytest.skip(missing()[0])
    server = SimpleNamespace(url=proxied.url, sql=lambda statement: execute(proxied.database.url, statement))
    server.shell = lambda code: second.prepared  # it ran in the process that asked for `check --deploy`
    try:
        return attack_list.launched(server)
    except requests.TooManyRedirects:
        raise WorkshopError(
            "Whatever is sent through the proxy is redirected, to where it came from."
        ) from None


def test_only_the_proxy_says_that_a_request_was_encrypted(proxied, second):
    proto = {"X-Forwarded-Proto": "https"}
    responses = {
        "X-Forwarded-Proto, past the proxy": past_the_proxy(proxied, "/products/", proto),
        "the others, past the proxy": past_the_proxy(proxied, "/products/", ENCRYPTED),
        "the others, over http": call(proxied, "GET", "/products/", url=proxied.plain, headers=ENCRYPTED),
        "none, over https": call(proxied, "GET", "/products/"),
    }
    got = {name: response.status_code for name, response in responses.items()}
    got["X-Forwarded-Proto, from 172.30.0.20"] = second.neighbour
    means = (
        "The proxy replaces X-Forwarded-Proto alone, and everybody can write the others: what they say does not count. A 301 over "
        "https means that Django does not see the https, which it reads in the header that SECURE_PROXY_SSL_HEADER names: then the "
        "browser is redirected forever."
    )
    if got["the others, past the proxy"] == 301 and 200 in (
        got["X-Forwarded-Proto, past the proxy"],
        second.neighbour,
    ):
        means = (
            "Everybody can write that header. deploy.middleware.forwarded_by_the_proxy takes it away, but for what TRUSTED_PROXIES "
            "names, the list in DJANGO_TRUSTED_PROXIES, and has to come before SecurityMiddleware, which reads the header. An "
            "address is compared whole: 172.30.0.20 begins like 172.30.0.2, and is somebody else."
        )
    expect_each(
        got,
        dict.fromkeys(got, 301) | {"none, over https": 200},
        sent=(
            "GET /products/ with `X-Forwarded-Proto: https`, past the proxy and without encryption; with other headers that say "
            f"the same ({', '.join(ENCRYPTED)}), there and over http; over https; and from 172.30.0.20, where 172.30.0.2 is trusted"
        ),
        means=means,
        see="12, section 2",
    )


def test_an_error_page_shows_nothing_of_the_server(shop, second):
    response = call(shop, "GET", "/no-such-page/", headers={"Accept": "text/html"})
    shown = [word for word in ("DEBUG = True", "drf_course.", "URLconf") if word in response.text]
    expect(
        f"{response.status_code}, and shows {shown or 'nothing'}",
        "404, and shows nothing",
        sent="GET /no-such-page/ as a browser does, with DJANGO_DEBUG=0",
        means='With DEBUG on, an error page shows addresses, settings and code. bool("0") is True: every text is, but "".',
        see="12, section 1",
    )
    expect(
        "the text of the error" if second.shown else "nothing",
        "nothing",
        sent="GET /products/, whose code fails, and read the response",
        means=(
            "The text of an exception is for you: it names tables, files and values. A client gets the status, and the log the rest."
        ),
        see="12, section 1",
    )
    expect(
        second.debug_on,
        [],
        sent=f"nothing, but loaded the settings with each of {OFF} in DJANGO_DEBUG, and looked whether DEBUG is on",
        means=(
            "Name the words that mean on. Whoever lists those that mean off forgets one, and the next person who switches it "
            "off in another word has it on. flag() knows the words, and refuses all others."
        ),
        see="12, section 1",
    )


def test_a_request_for_another_host_is_refused(shop):
    others = ("evil.example", "evil.localhost", "www.localhost", "localhost.evil.example")
    wanted = dict.fromkeys(others, BAD) | {"localhost": "200"}
    headers = {host: {"Host": host} for host in wanted}
    forwarded = "evil.example, with ours in X-Forwarded-Host and the like"
    headers[forwarded] = {"Host": "evil.example"} | dict.fromkeys(HOSTS, "localhost")
    got = {name: coded(call(shop, "GET", "/products/", headers=headers[name])) for name in headers}
    health = "evil.example, to /health/live/"
    got[health] = coded(call(shop, "GET", "/health/live/", headers=headers["evil.example"]))
    expect_each(
        got,
        wanted | {forwarded: BAD, health: BAD},
        sent=(
            "GET /products/ with the `Host` of others, also of one whose name ends or begins with ours, and with ours; and GET "
            "/health/live/ with another's"
        ),
        means=(
            "Links in mails and redirects are made from the Host header. Name your own hosts, each in full: "
            "DJANGO_ALLOWED_HOSTS has them. A dot before a name lets in every name below it. X-Forwarded-Host is the "
            "client's: our proxy hands it on as it comes, so USE_X_FORWARDED_HOST stays off."
        ),
        see="12, section 1",
    )


def test_browsers_learn_to_use_https_alone(proxied):
    over_https = requests.get(f"{proxied.url}/products/", allow_redirects=False, timeout=10).headers
    over_http = requests.get(f"{proxied.plain}/products/", allow_redirects=False, timeout=10)
    name = "Strict-Transport-Security"
    lasts = int((re.findall(r"max-age=(\d+)", over_https.get(name, "")) or [0])[0])
    got = {
        "https": "a year or more" if lasts >= YEAR else f"{lasts} s",
        "http": f"{over_http.status_code} to {over_http.headers.get('Location', 'nowhere').partition(':')[0]}, {name} {over_http.headers.get(name, 'none')}",
    }
    expect(
        got,
        {"https": "a year or more", "http": f"301 to https, {name} none"},
        sent="GET /products/ over https, and over http",
        means=(
            "The first request of every visit may go over http, where anybody can read it and answer it. "
            "SECURE_HSTS_SECONDS tells the browser never to do that again. Over http it must not be said: anybody could have said it."
        ),
        see="12, section 2",
    )
    schema = body_of(call(proxied, "GET", "/api/schema/?format=json")).get("paths", ())
    paths = [*schema, *NOT_IN_THE_SCHEMA, first_style(proxied)]
    got = {}
    for path in paths:
        for method in ("GET", "POST"):
            response = call(proxied, method, path.replace("{id}", "1"), url=proxied.plain)
            got[f"{method} {path}"] = told(answer(response))
    expect_each(
        got,
        dict.fromkeys(got, "301"),
        sent="GET and POST to all addresses over http",
        means=(
            "Everything is redirected: SECURE_REDIRECT_EXEMPT is for health alone, and no middleware that responds comes before "
            "SecurityMiddleware: WhiteNoise belongs directly behind it. Whoever is on the way reads what goes over http, and writes "
            "what comes back: passwords are read, public keys and styles replaced."
        ),
        see="12, section 2",
    )


def test_cookies_travel_encrypted_only(shop):
    cookies = call(shop, "GET", "/admin/login/").headers.get("Set-Cookie", "none")
    expect(
        "Secure" if "; Secure" in cookies else cookies.partition("=")[0],
        "Secure",
        sent="GET /admin/login/, and looked at the cookie that came back",
        means="A cookie without `Secure` is sent over http, too. SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE add the word.",
        see="12, section 2",
    )


def test_a_client_cannot_choose_its_address(proxied, second):
    for number in range(LIMIT + 2):
        address = f"198.51.100.{number}"
        headers = dict.fromkeys(ADDRESSES, address) | {"Forwarded": f"for={address}", "User-Agent": address}
        last = log_in(proxied, "grace", "wrong", headers)
    expect(
        coded(last),
        TOO_MANY,
        sent=(
            f"{LIMIT + 2} wrong passwords for one account, each with another address in {', '.join(ADDRESSES)}, Forwarded and "
            "User-Agent"
        ),
        means=(
            "The client wrote these addresses, and the proxy only added the true one in X-Forwarded-For, behind them: read no other "
            "header. NUM_PROXIES says how many entries, counted from the end, come from your own proxies; None believes them all."
        ),
        see="12, section 3",
    )
    cases = ("with DJANGO_NUM_PROXIES=0", "without it", "with two addresses in DJANGO_TRUSTED_PROXIES")
    expect_each(
        {
            case: "too many" if found is None or found > 1 else "1 or 0"
            for case, found in zip(cases, second.counted, strict=True)
        },
        dict.fromkeys(cases, "1 or 0"),
        sent="nothing, but loaded the settings with other variables, and looked how many entries NUM_PROXIES believes",
        means=(
            "A request passes one proxy here, which adds one entry. Whoever believes two, or all, believes what the client "
            "wrote. How many proxies a request passes has a variable of its own, DJANGO_NUM_PROXIES: it is not how many "
            "addresses are trusted, without the variable it is 1, and 0 is no None: None believes them all."
        ),
        see="12, section 3",
    )
    another = requests.Session()
    another.mount("https://", FromAnotherAddress())
    try:
        response = log_in(proxied, "grace", "test", session=another)
    except requests.ConnectionError:
        pytest.skip("This machine has no second address 127.0.0.2, so two clients cannot be told apart.")
    expect(
        coded(response),
        "200",
        sent="the right password of that account from 127.0.0.2, after the wrong ones from 127.0.0.1",
        means="Behind a proxy every request comes from the proxy. With NUM_PROXIES at 0 all people share its address, and any stranger locks out grace.",
        see="12, section 3",
    )


def test_all_servers_count_failed_logins_together(proxied, second):
    next_one = log_in(proxied, "admin", "wrong")
    got = f"{second.statuses.count(401)} x 401 by one server, then {coded(next_one)} by the other"
    expect(
        got,
        f"{LIMIT} x 401 by one server, then {TOO_MANY} by the other",
        sent=f"{LIMIT} wrong passwords for one account to one server, and the next one to another, all from one address",
        means=(
            "A throttle that counts in the memory of its process counts once for each process, and a restart forgets all. "
            "hardening.backends.ThrottledModelBackend counts in the database, which all servers share, and every account, an admin's as well."
        ),
        see="12, section 3",
    )
    expect(
        coded(log_in(proxied, "admin", "test")),
        TOO_MANY,
        sent="the right password after those wrong ones, from the same address",
        means=(
            "Whoever guesses passwords must not learn that a guess was right, or the limit stops only wrong guesses. Django asks "
            "each of AUTHENTICATION_BACKENDS in turn, so the one that counts is the first, or the only one."
        ),
        see="12, section 3",
    )
    expect(
        "no token" if not (response := log_in(proxied, "ADMIN", "test")).ok else coded(response),
        "no token",
        sent="the right password after those wrong ones, and ADMIN as the name",
        means=(
            "It is the same account, in other letters, and it was not counted as one: whoever writes the name in another way has "
            "ten more guesses each time. A backend that takes a name in any letters has to count it in one spelling."
        ),
        see="12, section 3",
    )


def test_no_key_is_written_in_the_project(second):
    expect(
        second.own_keys,
        [],
        sent=(
            "nothing, but looked which keys Django signs with and accepts, and compared them with those of the environment; "
            "the SECRET_KEY there has quotes, spaces, #, $ and = in it"
        ),
        means=(
            "Whoever reads a key in the project can sign what your server accepts, in whatever form it is written: git keeps it "
            "for good, and in SECRET_KEY_FALLBACKS an old key is as good as a new one. A key that each process makes for itself "
            "is another one on each server. Take the key that the environment gives, every character of it but the line break at the end of its file."
        ),
        see="12, section 4",
    )


def test_an_access_token_is_short_lived(shop):
    response = log_in(shop, "ada", "test")
    claims = tried(lambda: parts(body_of(response)["access"])[1]) or {}
    lives = claims.get("exp", 0) - claims.get("iat", 0)
    found = f"{lives} s" if response.ok else coded(response)
    expect(
        "an hour at most" if 0 < lives <= HOUR else found,
        "an hour at most",
        sent="POST /api/token/ as ada, and subtracted `iat` from `exp`",
        means="Nothing revokes an access token. Whoever copies it has it until the end; a client that wants more refreshes.",
        see="12, section 4",
    )


def test_a_variable_that_is_missing_opens_nothing(second):
    expect(
        second.opened,
        [],
        sent=(
            "nothing, but loaded the settings anew without DJANGO_ALLOWED_HOSTS, then without DJANGO_TRUSTED_PROXIES, and "
            "without DJANGO_DEBUG; and with one entry in each list"
        ),
        means=(
            "One day a variable is forgotten or misspelled, and nobody notices a server that starts and believes others than "
            "you meant. A list has the entries of its variable, and no others; without the variable it is empty, a switch is off, or "
            "the start stops. What you import reads DJANGO_DEBUG as well, and takes a missing one for development: set it first."
        ),
        see="12, section 1",
    )


def test_check_deploy_finds_nothing(second):
    expect(
        [f"{name}: {says}" for name, says in second.findings],
        [],
        sent="manage.py check --deploy, with DJANGO_SETTINGS_MODULE=drf_course.production",
        means="Each line names a setting and says what is wrong with it.",
        see="12, section 4",
    )


def test_the_log_shows_no_token(shop, second):
    pair = body_of(log_in(shop, "ada", "test"))
    access = pair.get("access", "")
    everywhere = {"Cookie": f"access={access}", "Referer": f"https://localhost/?{ANY_NAME.format(access)}"}
    got = {}
    for name, path, headers in (
        ("accepted", "/user-orders/", {"Authorization": f"Bearer {access}"}),
        ("the other word", "/user-orders/", {"Authorization": f"Shop {access}"}),
        ("without a word", "/user-orders/", {"Authorization": access}),
        ("not there", "/no-such-page/", {}),
        ("for another host", "/user-orders/", {"Host": "evil.example"}),
    ):
        response = call(shop, "GET", f"{path}?{ANY_NAME.format(access)}", headers=everywhere | headers)
        got[name] = answer(response)[0]
    # Django refuses a form from a page elsewhere, and its message quotes the address of that page.
    elsewhere = {"Referer": f"https://elsewhere.example/?{ANY_NAME.format(access)}"}
    response = call(shop, "POST", "/admin/login/", headers=everywhere | elsewhere)
    got["a form from elsewhere"] = answer(response)[0]
    for _ in ("refreshed", "refreshed again"):
        call(shop, "POST", "/api/token/refresh/", json={"refresh": pair.get("refresh")})
    # This one is redirected, to an address with the same query.
    past_the_proxy(shop, f"/products/?{ANY_NAME.format(access)}", everywhere)
    log = shop.log()
    got["the requests"] = "logged" if "/user-orders/" in log else "not logged"
    tokens = {"the access token": access, "the refresh token": pair.get("refresh")}
    got["the log shows"] = ", ".join(leaked(log, tokens | {"the password": '"test"'})) or "nothing secret"
    tokens["the query of the error"] = QUERY
    got["files of the project show"] = ", ".join(leaked("\n".join(texts_in(shop.tree)), tokens)) or "no token"
    got["an error"] = second.error
    expect_each(
        got,
        {
            "accepted": 200,
            "a form from elsewhere": 403,
            "the requests": "logged",
            "the log shows": "nothing secret",
            "files of the project show": "no token",
            "an error": "500, logged",
        },
        sent=(
            "requests that are accepted, refused and redirected (200, 401, 404, 400, 403, 301), each with an access token in the query, in "
            "Cookie and in Referer, the address of the page before, some in Authorization, too; two refreshes; one that ends in "
            "an error (500); then read the log, and the files of the project"
        ),
        means=(
            "Nobody hears of this error: with DEBUG off, Django's own LOGGING writes nothing to stderr. Give the root logger a handler "
            "that does, and let Django handle the error."
            if second.error.endswith("not logged")
            else "A log is copied, searched and kept for months. Until it expires, a token in it is as good as a password, "
            "whichever word precedes it: name no header that holds a credential, or an address, and write no query, nor where a "
            "request is redirected to: that address has the same query. Django's security messages quote the Referer that they "
            "refuse: deploy.logs.JsonFormatter leaves the token out, so let it write every line of every handler."
        ),
        see="12, section 5",
    )


def test_the_styles_are_served(shop):
    response = call(shop, "GET", first_style(shop))
    got = f"{answer(response)[0]} {response.headers.get('Content-Type', '').partition(';')[0]}"
    expect(
        got,
        "200 text/css",
        sent="GET /admin/login/, and then the first style sheet it names",
        means="With DEBUG off Django serves no static files. WhiteNoise does, as a middleware behind SecurityMiddleware.",
        see="12, section 1",
    )


def test_nothing_for_developers_is_served(shop):
    got = {path: call(shop, "GET", path, stream=True).status_code for path in ("/", "/lab/headers/")}
    expect(
        got,
        dict.fromkeys(got, 404),
        sent="GET / and GET /lab/headers/, the addresses of the Token Lab",
        means="The Token Lab shows everybody's requests to everybody. It is for a classroom.",
        see="12, section 1",
    )


def test_programs_inside_the_network_can_ask_for_health(shop):
    got = {}
    for path in ("/health/live/", "/health/ready/"):
        response = past_the_proxy(shop, path)
        got[path] = (answer(response)[0], body_of(response).get("status"))
    expect(
        got,
        {"/health/live/": (200, "alive"), "/health/ready/": (200, "ready")},
        sent="GET /health/live/ and /health/ready/ past the proxy, without encryption",
        means="Who restarts containers asks inside the network, without TLS. A redirect to https is no sign of life.",
        see="12, section 6",
    )


def test_the_server_still_refuses_every_attack(production_attacks):
    for attack in production_attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see="12, section 4")


class FromAnotherAddress(HTTPAdapter):
    """Requests that come from 127.0.0.2, as from another client."""

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, **options, source_address=("127.0.0.2", 0))


def call(shop, method, path, *, url=None, headers=None, session=requests, **options):
    """A request over https, or to another `url`; without a proxy, as a proxy would hand it to one of the servers."""
    ours = {"Host": "localhost"}
    url = url or shop.url
    if not shop.proxy:
        url = shop.webs[0].url
        ours |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    options = {"allow_redirects": False, "timeout": 10} | options
    return session.request(method, f"{url}{path}", headers=ours | (headers or {}), **options)


def past_the_proxy(shop, path, headers=None):
    """GET without encryption, at one of the servers itself."""
    headers = {"Host": "localhost"} | (headers or {})
    return requests.get(f"{shop.webs[0].url}{path}", headers=headers, allow_redirects=False, timeout=10)


def first_style(shop):
    """The address of a style sheet that a page names, or one that is not there."""
    page = call(shop, "GET", "/admin/login/").text
    return next(iter(re.findall(r'href="(/static/[^"]+\.css)"', page)), "/static/none.css")


def log_in(shop, name, password, headers=None, **options):
    account = {"username": name, "password": password}
    return call(shop, "POST", "/api/token/", json=account, headers=headers, **options)


def coded(response):
    """Status and code: `429 too_many_failed_logins`. Where there is no code, the reason: `429 Request was throttled.`"""
    status, why = answer(response)
    return f"{status} {body_of(response).get('code') or why or ''}".strip()
