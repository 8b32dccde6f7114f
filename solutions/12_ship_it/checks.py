"""What step 12 asks of drf_course/production.py: the whole shop is started with it, and looked at from outside."""

import ast
import json
import re
from types import SimpleNamespace

import jwt
import pytest
import requests
from django.core.signing import Signer
from requests.adapters import HTTPAdapter

from workshop import attacks as attack_list
from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, expect, leaked
from workshop.learner.check_plugin import TREE
from workshop.servers.shipped import missing, shipped

YEAR = 31_536_000  # seconds
HOUR = 3600  # seconds
LIMIT = 10  # failed logins of an account within a minute
TOO_MANY = "429 too_many_failed_logins"
# One more process of the shop, with the same settings and the same database: it looks at its settings, and it takes
# failed logins as a second server would, through the same proxy.
SECOND_PROCESS = f"""
import json, os, runpy
from django.core.checks import run_checks
from django.test import Client

findings = [(found.id, str(found.msg)) for found in run_checks(include_deployment_checks=True)]
forwarded = dict(REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
second = Client(HTTP_HOST="localhost", **forwarded)
body = dict(username="admin", password="wrong")
statuses = [second.post("/api/token/", body).status_code for _ in range({LIMIT})]
LISTS = ("ALLOWED_HOSTS", "TRUSTED_PROXIES")
for name in LISTS:
    del os.environ[f"DJANGO_{{name}}"]
try:
    unset = runpy.run_path("drf_course/production.py")
except Exception:  # it does not start, and so lets nobody in
    unset = dict()
opened = [name for name in LISTS if "*" in unset.get(name, ())]
print(json.dumps([findings, statuses, opened]))
"""

# Which links Django accepts, as it does when somebody resets a password: signed with SECRET_KEY, or with a fallback.
ACCEPTED = """
from django.core.signing import BadSignature, Signer

for link in {links}:
    try:
        Signer().unsign(link)
        print(link)
    except BadSignature:
        pass
print("asked")
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The whole shop of the tree: one for all checks."""
    with shipped(TREE, web=1) as started, pytest.MonkeyPatch.context() as patch:
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
    """What the second process said: its findings, what its failed logins got, what is open, and tokens for the attacks."""
    lines = shop.shell(SECOND_PROCESS + attack_list.PREPARE).strip().splitlines()
    if len(lines) < 2 or not lines[-2].startswith("[["):
        raise WorkshopError(f"`manage.py check --deploy` could not run: {' '.join(lines[-3:])[-600:]}")
    findings, statuses, opened = json.loads(lines[-2])
    return SimpleNamespace(findings=findings, statuses=statuses, opened=opened, prepared=lines[-1])


@pytest.fixture
def production_attacks(proxied, second):
    server = SimpleNamespace(url=proxied.url)
    server.shell = lambda code: second.prepared  # it ran in the process that asked for `check --deploy`
    return attack_list.launched(server)


def test_an_error_page_shows_nothing_of_the_server(shop):
    response = call(shop, "GET", "/no-such-page/", headers={"Accept": "text/html"})
    shown = [word for word in ("DEBUG = True", "drf_course.", "URLconf") if word in response.text]
    expect(
        f"{response.status_code}, and shows {shown or 'nothing'}",
        "404, and shows nothing",
        sent="GET /no-such-page/ as a browser does, with DJANGO_DEBUG=0",
        means='With DEBUG on, an error page shows addresses, settings and code. bool("0") is True: every text is, but "".',
        see="12, section 1",
    )


def test_a_request_for_another_host_is_refused(shop):
    response = call(shop, "GET", "/products/", headers={"Host": "evil.example"})
    ours = call(shop, "GET", "/products/").status_code
    expect(
        f"evil.example {coded(response)}, localhost {ours}",
        "evil.example 400 bad_request, localhost 200",
        sent="GET /products/ with `Host: evil.example`, and with `Host: localhost`",
        means="Links in mails and redirects are made from the Host header. Name your own hosts: DJANGO_ALLOWED_HOSTS has them.",
        see="12, section 1",
    )


def test_only_the_proxy_says_that_a_request_was_encrypted(proxied):
    web = proxied.webs[0].url
    headers = {"Host": "localhost", "X-Forwarded-Proto": "https"}
    past = requests.get(f"{web}/products/", headers=headers, allow_redirects=False, timeout=10)
    through = requests.get(f"{proxied.url}/products/", allow_redirects=False, timeout=10)
    expect(
        f"past the proxy {past.status_code}, through the proxy {through.status_code}",
        "past the proxy 301, through the proxy 200",
        sent="GET /products/ with `X-Forwarded-Proto: https`, past the proxy and without encryption; then over https",
        means=(
            "Everybody can write that header. TRUSTED_PROXIES names who is believed; DJANGO_TRUSTED_PROXIES has the list. "
            "A 301 through the proxy means that Django does not see the https: then the browser is redirected forever."
        ),
        see="12, section 2",
    )


def test_browsers_learn_to_use_https_alone(proxied):
    over_https = requests.get(f"{proxied.url}/products/", timeout=10).headers
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
    login = requests.post(f"{proxied.plain}/api/token/", json={}, allow_redirects=False, timeout=10)
    expect(
        answer(login),
        (301, None),
        sent="POST /api/token/ over http",
        means=(
            "A server that accepts a login over http has clients that send passwords for everybody to read. "
            "A login is redirected as everything is; SECURE_REDIRECT_EXEMPT is for health alone."
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


def test_a_client_cannot_choose_its_address(proxied):
    codes = [
        coded(log_in(proxied, "nobody-1", "wrong", {"X-Forwarded-For": f"198.51.100.{number}"}))
        for number in range(LIMIT + 2)
    ]
    expect(
        codes[-1],
        TOO_MANY,
        sent=f"{LIMIT + 2} wrong passwords for one account, each with another `X-Forwarded-For`",
        means=(
            "The client wrote these addresses, and the proxy only added the true one behind them. NUM_PROXIES says how many "
            "entries, counted from the end, come from your own proxies; None believes them all."
        ),
        see="12, section 3",
    )


def test_failed_logins_of_one_client_lock_out_nobody_else(proxied):
    for _ in range(LIMIT + 1):
        log_in(proxied, "grace", "wrong")
    another = requests.Session()
    another.mount("https://", FromAnotherAddress())
    try:
        response = log_in(proxied, "grace", "test", session=another)
    except requests.ConnectionError:
        pytest.skip("This machine has no second address 127.0.0.2, so two clients cannot be told apart.")
    expect(
        coded(response),
        "200",
        sent=f"{LIMIT + 1} wrong passwords for grace from 127.0.0.1, then the right one from 127.0.0.2",
        means="Behind a proxy every request comes from the proxy. With NUM_PROXIES at 0 all people share its address, and any stranger locks out grace.",
        see="12, section 3",
    )


def test_all_servers_count_failed_logins_together(shop, second):
    if not shop.proxy:
        pytest.skip(missing()[0])
    next_one = log_in(shop, "admin", "wrong")
    got = f"{second.statuses.count(401)} x 401 by one server, then {coded(next_one)} by the other"
    expect(
        got,
        f"{LIMIT} x 401 by one server, then {TOO_MANY} by the other",
        sent=f"{LIMIT} wrong passwords for one account to one server, and the next one to another, all from one address",
        means=(
            "A throttle that counts in the memory of its process counts once for each process, and a restart forgets all. "
            "hardening.backends.ThrottledModelBackend counts in the database, which all servers share."
        ),
        see="12, section 3",
    )
    expect(
        coded(log_in(shop, "admin", "test")),
        TOO_MANY,
        sent="the right password after those wrong ones, from the same address",
        means=(
            "Whoever guesses passwords must not learn that a guess was right, or the limit stops only wrong guesses. Django asks "
            "each of AUTHENTICATION_BACKENDS in turn, so the one that counts is the first, or the only one."
        ),
        see="12, section 3",
    )


def test_no_key_is_written_in_the_project(shop):
    access = log_in(shop, "ada", "test").json().get("access", "")
    texts = list(texts_of(TREE))
    links = accepted_links(shop, {text for _, text in texts})
    found = [file for file, text in texts if signs(text, access) or text in links]
    expect(
        found,
        [],
        sent="POST /api/token/ as ada, then tried each text in your files as the key of that token, and signed a link with it for Django to accept",
        means=(
            "Who reads that file can sign what your server accepts: git keeps it for good, and in SECRET_KEY_FALLBACKS an old "
            "key is as good as a new one. A key comes from a variable, or from a file outside."
        ),
        see="12, section 4",
    )


def test_an_access_token_is_short_lived(shop):
    claims = claims_of(log_in(shop, "ada", "test"))
    lives = claims.get("exp", 0) - claims.get("iat", 0)
    expect(
        "an hour at most" if 0 < lives <= HOUR else f"{lives} s",
        "an hour at most",
        sent="POST /api/token/ as ada, and subtracted `iat` from `exp`",
        means="Nothing revokes an access token. Whoever copies it has it until the end; a client that wants more refreshes.",
        see="12, section 4",
    )


def test_a_list_that_is_missing_opens_nothing(second):
    expect(
        f"{' and '.join(second.opened) or 'nothing'} open to everybody",
        "nothing open to everybody",
        sent="nothing, but loaded the settings once more without DJANGO_ALLOWED_HOSTS and DJANGO_TRUSTED_PROXIES",
        means=(
            "One day a variable is forgotten or misspelled, and nobody notices a server that starts and believes everybody. "
            "A list that is missing is empty, or stops the start."
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


def test_the_log_shows_no_token(shop):
    access = log_in(shop, "ada", "test").json().get("access", "")
    for name, value in (
        ("Authorization", access),
        ("Authorization", f"Shop {access}"),
        ("Cookie", f"access={access}"),
    ):
        call(shop, "GET", "/user-orders/", headers={name: value})
    bearer = {"Authorization": f"Bearer {access}"}
    status = call(shop, "GET", f"/user-orders/?token={access}", headers=bearer).status_code
    log = shop.log()
    logged = "logged" if "/user-orders/" in log else "not logged"
    shown = leaked(log, {"the access token": access, "the password": '"test"'})
    expect(
        f"{status}, {logged}, shows {shown or 'nothing secret'}",
        "200, logged, shows nothing secret",
        sent="GET /user-orders/ with an access token in Authorization (after Bearer, after Shop and alone), in the query and in Cookie, then read the log",
        means=(
            "A log is copied, searched and kept for months. Until it expires, a token in it is as good as a password, "
            "whichever word precedes it: name no header that holds a credential."
        ),
        see="12, section 5",
    )


def test_the_styles_are_served(shop):
    page = call(shop, "GET", "/admin/login/").text
    style = (re.findall(r'href="(/static/[^"]+\.css)"', page) or ["none"])[0]
    response = call(shop, "GET", style) if style != "none" else None
    got = (
        f"{response.status_code} {response.headers['Content-Type'].partition(';')[0]}"
        if response
        else "no style"
    )
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
    web = shop.webs[0].url
    got = {}
    for path in ("/health/live/", "/health/ready/"):
        response = requests.get(
            f"{web}{path}", headers={"Host": "localhost"}, allow_redirects=False, timeout=10
        )
        got[path] = (
            response.status_code,
            response.json().get("status") if response.ok and response.content else None,
        )
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


def call(shop, method, path, *, headers=None, session=requests, **options):
    """A request over https; without a proxy, as a proxy would hand it to one of the servers."""
    ours = {"Host": "localhost"}
    url = shop.url
    if not shop.proxy:
        url = shop.webs[0].url
        ours |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    options = {"allow_redirects": False, "timeout": 10} | options
    return session.request(method, f"{url}{path}", headers=ours | (headers or {}), **options)


def log_in(shop, name, password, headers=None, **options):
    account = {"username": name, "password": password}
    return call(shop, "POST", "/api/token/", json=account, headers=headers, **options)


def coded(response):
    """Status and code: `429 too_many_failed_logins`; the status alone where there is no code."""
    try:
        code = response.json().get("code", "")
    except (ValueError, AttributeError):
        code = ""
    return f"{answer(response)[0]} {code}".strip()


def claims_of(response):
    try:
        return parts(response.json().get("access"))[1]
    except (ValueError, WorkshopError):
        return {}


def texts_of(tree):
    """Every text in the settings of a tree, with the file that holds it."""
    for file in sorted((tree / "drf_course").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 7:
                yield file.relative_to(tree).as_posix(), node.value


def accepted_links(shop, keys):
    """Those of the keys with which anybody can sign what the shop's Django accepts."""
    links = {Signer(key=key, fallback_keys=[]).sign("a link"): key for key in keys}
    said = shop.shell(ACCEPTED.format(links=list(links))).splitlines()
    if said[-1:] != ["asked"]:
        raise WorkshopError(f"Django could not be asked which links it accepts: {' '.join(said[-3:])[-600:]}")
    return {links[line] for line in said[:-1] if line in links}


def signs(key, access):
    """Whether the token was signed with this key."""
    try:
        options = {"verify_exp": False, "verify_aud": False, "verify_iss": False}
        jwt.decode(access, key, algorithms=["HS256", "HS384", "HS512"], options=options)
    except (jwt.PyJWTError, ValueError):
        return False
    return True
