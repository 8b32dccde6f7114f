"""What step 01 asks: obtain a pair, present its access token, tell the refusals apart, and protect a view of a plain project."""

import functools
import importlib
import json
import os
import re
import sys
import time
from contextlib import contextmanager, nullcontext
from importlib import metadata

import jwt
import pytest
import requests
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from workshop.attacks import damaged
from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, expect, leaked, tried
from workshop.learner.check_plugin import SERVERS, TREE
from workshop.servers.gateway import Gateway, Reply
from workshop.servers.impostor import Impostor
from workshop.servers.needs import needs
from workshop.servers.own_project import OwnProject
from workshop.servers.transport import meanwhile
from workshop.wire import described, sent

FILE = "client/token_pair.py"
LOGIN_REFUSED = "No active account found with the given credentials"
PASSWORD = "of-this-check-alone"

# Tokens that the server signed itself and refuses nevertheless: their users are gone, or never were, their time is over, or
# a claim is missing.
PREPARE = f"""
import json
from datetime import timedelta
from rest_framework_simplejwt.tokens import AccessToken

made = {{}}
for name in ("inactive", "deleted"):
    made[name] = str(AccessToken.for_user(User.objects.create_user(name, password={PASSWORD!r})))
User.objects.filter(username="inactive").update(is_active=False)
User.objects.filter(username="deleted").delete()
made["nobody"] = str(AccessToken())
old = AccessToken.for_user(User.objects.get(username="ada"))
old.set_exp(lifetime=timedelta(hours=-1))
made["expired"] = str(old)
for name, claim in {{"endless": "exp", "typeless": "token_type"}}.items():
    token = AccessToken.for_user(User.objects.get(username="ada"))
    del token.payload[claim]
    made[name] = str(token)
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def running(lasting):
    """No check here waits for an expiry."""
    return lasting


@pytest.fixture(scope="module", autouse=True)
def signed(running):
    """The tokens that are refused for what they say, by name. They are made while other checks run."""
    made = meanwhile(lambda: running.shell(PREPARE))
    yield lambda: json.loads(made.result().splitlines()[-1])
    made.exception()  # its end is waited for in any case: the server that it needs ends next


# The login


@pytest.mark.parametrize("username", ["ada", "grace"])
def test_a_login_gives_the_pair_of_its_user(url, learner, wire, username):
    got = logged_in(learner, url, username, "test")
    asked = f"{login_sent(wire)} for obtain(url, {username!r}, ...)"
    keys = sorted(map(str, got)) if isinstance(got, dict) else got
    expect(keys, ["access", "refresh"], sent=asked, means=login_means(wire), see="01, section 1")
    got = {name: f"a token of user {owner(got, name)}" for name in keys}
    wanted = dict.fromkeys(got, f"a token of user {parts(login(url, username)['access'])[1]['user_id']}")
    means = f"obtain() logs in with the name and the password it was given, here those of {username}."
    expect(got, wanted, sent=asked, means=means, see="01, section 1")


LOCKED = "Too many failed logins. Try again in ... seconds."


@pytest.mark.parametrize("why", [LOGIN_REFUSED, LOCKED], ids=["a wrong password", "too many of them"])
def test_a_refused_login_says_why(url, learner, wire, why):
    username = "nobody" if why == LOCKED else "ada"
    if why == LOCKED:
        lock(username, url)
        wire.clear()
    got = re.sub(r"\d+ second", "... second", str(logged_in(learner, url, username, "wrong")))
    sent_then = f"{login_sent(wire)}{' after ten wrong passwords' if why == LOCKED else ''}"
    means = refusal_means(got, wire, why)
    expect(got, f"LoginRefused({why})", sent=sent_then, means=means, see="01, section 2")
    wire.clear()
    got = paired(learner, f"{url}/nowhere")
    no_pair(got, 404, f"{login_sent(wire)} for obtain(f'{{url}}/nowhere', ...)")
    busy = [Reply(503, "application/json", '{"detail": "Not now."}')] * 20  # also to whoever asks again
    with Gateway(url, {"/api/token/": busy}) as gateway:
        no_pair(paired(learner, gateway.url), 503, "a login to a server that is too busy")


def paired(learner, base_url):
    """What a login there gives, as text; nothing when it raises."""
    return tried(lambda: f"{learner(FILE).obtain(base_url, 'ada', 'test')}")


def no_pair(got, status, sent_then):
    means = f"The server refused, with {status}, and whoever waits for a pair must not get the refusal. Raise any error."
    expect("no error" if got else "an error", "an error", sent=sent_then, means=means, see="01, section 2")


OTHERS = {
    "a wrong password": ("grace", "wrong"),
    "capital letters": ("GRACE", "test"),
    "JSON in the password": ("grace", 'x", "username": "admin", "password": "test'),
    "a form in the password": ("grace", "x&username=admin&password=test"),
    "no name": ("", "test"),  # 400, and no `detail`
    "no password": ("grace", ""),
    "a closed account": ("grace", "test"),
}
# Grace may come in, or not: in the shop, and in the plain project.
OF_THE_SHOP = "UPDATE api_user SET is_active = ? WHERE username = 'grace'"
OF_THE_PROJECT = "UPDATE auth_user SET is_active = ? WHERE username = 'grace'"
ASK = (
    "A login that worked a moment ago says nothing about this one: ask the server each time, with the name "
    "and the password as they are."
)
GLUED = (
    "The server read a part of the password as another name, because your code glues the body together. "
    "json={...} writes any text as what it is."
)
GIVEN_BACK = "the body of a refusal, as if it were a pair"
NO_DETAIL = (
    "Whoever waits for a pair must not get the refusal. Not each one has a `detail`: this one names the field it is about. "
    "The status says that it is one."
)
OTHERS_MEAN = {
    "capital letters": "The server knows grace and no GRACE: send the name as it is, letter by letter.",
    "JSON in the password": GLUED,
    "a form in the password": GLUED,
}


@pytest.mark.parametrize("what", OTHERS)
def test_every_login_is_a_question_to_the_server(url, running, learner, wire, what):
    module = learner(FILE)  # one program, which could remember
    module.obtain(url, "grace", "test")
    wire.clear()
    with closed(running, OF_THE_SHOP) if what == "a closed account" else nullcontext():
        try:
            got = "a token pair" if "access" in module.obtain(url, *OTHERS[what]) else GIVEN_BACK
        except module.LoginRefused:
            got = "a refusal"
    got = "the password in the address" if in_address(wire) else got
    means = OTHERS_MEAN.get(what, ASK) if wire else ASK
    means = NO_DETAIL if got == GIVEN_BACK else means
    means = login_means(wire) if in_address(wire) else means
    sent_then = f"{login_sent(wire)}, with {what}, after a login of grace that worked"
    expect(got, "a refusal", sent=sent_then, means=means, see="01, section 2")


# The call


INVALID = (401, "Token is invalid")
CALLS = [
    ("ada", "/user-orders/", (200, None)),
    ("admin", "/orders/", (200, None)),
    ("ada", "/orders/", (403, "You do not have permission to perform this action.")),
    ("ada", "/products/", (200, None)),
    ("ada", "//{host}/orders/", (404, "There is nothing at this address.")),
    ("ada, with one letter changed", "/user-orders/", INVALID),
    ("ada, too late", "/user-orders/", (401, "Token is expired")),
]


def test_the_access_token_is_presented_as_bearer(url, learner, signed, wire):
    module = learner(FILE)  # one program, which could remember
    changes = {" with one letter changed": damaged, " too late": lambda _: signed()["expired"]}
    for place, (whose, path, wanted) in enumerate(CALLS):
        username, _, changed = whose.partition(",")
        # This shop names the refresh token first, another may not.
        pair = dict(sorted(login(url, username).items(), reverse=place % 2 == 0))
        pair |= {"access": changes[changed](pair["access"])} if changed else {}
        presents(module, url, path.format(host=url.partition("//")[2]), pair, wanted, wire)


def presents(module, url, path, pair, wanted, wire):
    """call() presents this pair's access token at this path, once, and nothing more."""
    wire.clear()
    response = module.call(url, path, pair)
    got = f"a {type(response).__name__} after {len(wire)} request{'' if len(wire) == 1 else 's'}"
    means = (
        "call() asks once, and gives the whole response back, as requests gave it. A refusal is a response, too: the refresh "
        "token does not belong here, and asking again changes nothing."
    )
    expect(got, "a Response after 1 request", sent=sent(wire, "a call of call()"), means=means, see=PRESENT)
    request = wire[0].request
    asked = f"{request.method} {request.path_url.partition('?')[0]}"
    means = f"call(url, {path!r}, pair) is to ask for that path, with GET, letter by letter: add no slash to it, and take none away."
    if path.startswith("//"):
        means += " urljoin() takes what follows // for another server, and that one gets the token."
    expect(asked, f"GET {path}", sent=described(request), means=means, see=PRESENT)
    means = presented_means(answer(response), request)
    expect(answer(response), wanted, sent=described(request), means=means, see=PRESENT)
    means = "A public endpoint does not need the token. call() does not decide that: it presents the token wherever it is sent."
    carried = "a token" if "Authorization" in request.headers else "no token"
    expect(carried, "a token", sent=described(request), means=means, see=PRESENT)
    means = (
        "Addresses, bodies and other headers are written to logs: present the access token in Authorization only. The refresh "
        "token is of no use here."
    )
    headers = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
    tokens = {f"the {name} token": token for name, token in pair.items()}
    shown = leaked(f"{request.url} {headers} {request.body}", tokens)
    expect(shown or ["no token"], ["no token"], sent=described(request), means=means, see=PRESENT)


PRESENT = "01, section 3"


def test_a_server_that_is_busy_is_a_response_too(url, learner):
    module, pair, path = learner(FILE), login(url, "ada"), "/user-orders/"
    with Gateway(url, {path: [Reply(503, "text/html", "<h1>Not now</h1>")]}) as gateway:
        try:
            got = answer(module.call(gateway.url, path, pair))
        except requests.HTTPError as error:
            got = f"an error: {error}"
    means = "call() gives the response back, whatever its status is. Its caller decides what a 503 means to him: here nothing is to be raised."
    expect(got, (503, None), sent=f"GET {path} to a server that is too busy", means=means, see=PRESENT)


def test_the_certificate_of_the_server_is_checked(url, learner, wire, tmp_path, monkeypatch):
    module, pair = learner(FILE), login(url, "ada")
    wire.clear()
    used(module, url, pair)
    trusting = [exchange.request.path_url for exchange in wire if exchange.trusting]
    means = (
        "Without the check of the certificate, and of the name in it, anybody on the way can pose as your server, and gets the "
        "password and the token. Leave it on, also where a first try failed: no verify=False, and no assert_hostname=False."
    )
    sent_then = (
        "a login and a call, to the shop, to a server that made its certificate itself, and to one whose certificate is for "
        "another name, and looked what got through unchecked"
    )
    wanted = {"sent": sent_then, "means": means, "see": "01, section 1"}
    expect(trusting or ["nothing"], ["nothing"], **wanted)
    needs("TLS")
    with Impostor(tmp_path) as impostor:
        used(module, impostor.url, pair)
        for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):  # now its authority is a trusted one
            monkeypatch.setenv(name, str(impostor.authority))
        used(module, impostor.url_of_another_name, pair)
    expect(impostor.received or ["nothing"], ["nothing"], **wanted)


def used(module, url, pair):
    """Log in and call, and let the client refuse the server in any way it likes."""
    tried(lambda: module.obtain(url, "ada", "test"))
    tried(lambda: module.call(url, "/user-orders/", pair))


# The diagnosis


REFUSED = {
    "no credentials": {
        "no header": "",
        "JWT": "JWT {access}",
        "Token": "Token {access}",
        "bearer": "bearer {access}",
        "no scheme": "{access}",
        "Bearer:": "Bearer: {access}",
        "no space": "Bearer{access}",
    },
    "bad header": {"nothing behind it": "Bearer", "two words": "Bearer one two"},
    "wrong type": {"a refresh token": "Bearer {refresh}"},
    "expired": {"too late": "Bearer {expired}"},
    "invalid": {
        "one letter changed": "Bearer {changed}",
        "no token": "Bearer something",
        "no user": "Bearer {nobody}",
        "a deleted user": "Bearer {deleted}",
        "a deactivated user": "Bearer {inactive}",
        "too late and changed": "Bearer {changed_too_late}",
        "no exp": "Bearer {endless}",
        "no type": "Bearer {typeless}",
    },
}
WORD_OF = {what: word for word, whats in REFUSED.items() for what in whats}


@pytest.mark.parametrize("what, wanted", WORD_OF.items(), ids=WORD_OF)
def test_each_refusal_has_its_word(url, learner, signed, what, wanted):
    known = login(url, "ada") | signed()
    more = {"changed": damaged(known["access"]), "changed_too_late": damaged(known["expired"])}
    value = REFUSED[wanted][what].format(**known | more)
    response = get(url, "/user-orders/", {"Authorization": value} if value else {})
    why = ("expired", DECODED) if what == "too late and changed" else ("", "")
    diagnosed(learner, response, wanted, f" ({what})", why)


DECODED = (
    "The server verified the signature first. Ask its response, not the token: what a refused token says "
    "proves nothing, and your clock is not the server's. "
)


def test_the_reason_is_read_from_the_body(url, learner, signed):
    response = get(url, "/user-orders/", bearer(login(url, "ada")["refresh"]))
    response.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    diagnosed(learner, response, "wrong type", ", as a stock server says it", ("no credentials", BARE))
    response = get(url, "/user-orders/", bearer(signed()["deleted"]))
    body = {"detail": USERLESS[-1], "code": "password_changed"}
    response._content = json.dumps(body).encode()
    diagnosed(learner, response, "invalid", ", as a server says it whose users change their passwords")
    response = get(url, "/orders/", bearer(login(url, "ada")["access"]))
    response._content = b'{"detail": "Only on weekdays.", "code": "closed"}'
    diagnosed(learner, response, "forbidden", ", as a server says it that closes on weekends")
    response._content = json.dumps({"detail": NOT_PROVIDED}).encode()
    by_status = "The status comes first: any 403 is `forbidden`, whatever its body says."
    diagnosed(
        learner,
        response,
        "forbidden",
        ", as a server says it without a challenge",
        ("no credentials", by_status),
    )


BARE = (
    "The challenge of a stock server names no error: look for the reason in the body, in messages[0].message."
)


@pytest.mark.parametrize(
    "username, wanted", [("ada", "forbidden"), ("admin", "welcome")], ids=["ada", "admin"]
)
def test_a_good_token_is_welcome_or_forbidden(url, learner, username, wanted):
    diagnosed(learner, get(url, "/orders/", bearer(login(url, username)["access"])), wanted)


WORDS = ["welcome", "no credentials", "bad header", "wrong type", "expired", "invalid", "forbidden"]


def diagnosed(learner, response, wanted, more="", why=("", "")):
    """Compare the learner's word for a real response with the right one. `why` says where one wrong word comes from."""
    status, reason = answer(response)
    got = learner(FILE).diagnose(response)
    means = f"The server answered {status}" + (f": {reason.rstrip('.')}. " if reason else ". ")
    if got not in WORDS:
        means += f"diagnose() gives one of these words: {', '.join(WORDS)}."
    elif got == why[0]:
        means += why[1]
    elif status == 403:
        means += "The server knows who asks, and says no. A new login changes nothing."
    elif reason in USERLESS:
        means += "There was a token, and it was refused, whatever the code: that is neither `no credentials` nor about its time or type."
    elif wanted == "invalid" and "messages" in response.json():
        means += "Compare the whole message: others have `type` or `exp` in them, too."
    elif status == 401 and "messages" in response.json():
        means += "Several refusals share the code token_not_valid; messages[0].message tells them apart."
    elif wanted == "bad header":
        means += "It knows the scheme, and saw something else behind it than one token: `code` says so."
    elif wanted == "no credentials":
        means += "The server saw no token: it does not know this scheme. There is no `code` in the body."
    sent_then = f"{described(response.request)}{more}, then the response to diagnose()"
    expect(got, wanted, sent=sent_then, means=means, see="01, section 4")


USERLESS = [
    "Token contained no recognizable user identification",
    "User not found",
    "User is inactive",
    "The user's password has been changed.",
]
NO_REFUSAL = "the refusal, as if it were a pair"


def logged_in(learner, url, username, password):
    """What obtain() gave, or in words how it refused."""
    module = learner(FILE)
    try:
        got = module.obtain(url, username, password)
    except module.LoginRefused as refused:
        return f"LoginRefused({refused})"
    refused = isinstance(got, dict) and "access" not in got and "refresh" not in got
    return NO_REFUSAL if refused else got


def refusal_means(got, wire, why):
    if in_address(wire):
        return login_means(wire)
    if got == NO_REFUSAL:
        return "The refusal was returned as if it were a pair: look at the status before the body."
    if not got.startswith("LoginRefused"):
        return "The password was wrong, and obtain() gave tokens. Send the password that it was given."
    if why == LOCKED:
        return (
            "After too many failures the server answers 429, with another sentence. Take `detail` from the body, "
            "whatever it says, and whatever the status is."
        )
    return "LoginRefused carries the server's own sentence, the value of `detail`, and nothing else."


def presented_means(got, request):
    """What a refusal of a good pair means: the cause is in the header that was sent."""
    if got[1] == "Token has wrong type":
        return "The refresh token goes to /api/token/refresh/ only; present the other one."
    if "Authorization" not in request.headers:
        return "There is no Authorization header: headers={'Authorization': ...} is the place for it."
    if got[1] == NOT_PROVIDED:
        return "An unknown scheme counts as no credentials: the server listens for `Bearer`, a space, and the token."
    if got[1] == "Authorization header must contain two space-delimited values":
        return "The header is the word `Bearer`, one space, and one token; here it is something else."
    return "Present the access token of the pair that this call() was given, unchanged."


def owner(pair, name):
    """Whose token it is, as it says; in words when there is none."""
    try:
        return parts(pair[name])[1].get("user_id")
    except (WorkshopError, TypeError, KeyError, IndexError):
        return f"nobody: obtain() gave {pair}" if isinstance(pair, str) else "nobody: it is no token"


def lock(username, url):
    """Ten wrong passwords: after them the server does not look at the next one."""
    for _ in range(10):
        requests.post(f"{url}/api/token/", json={"username": username, "password": "no"}, timeout=5)


@contextmanager
def closed(server, accounts):
    """Grace's account is closed while the block runs."""
    server.sql(accounts, False)
    try:
        yield
    finally:
        server.sql(accounts, True)


def login(url, username):
    """A token pair of this user, whose tokens outlive these checks: one login is enough, and each caller has a dict of its own."""
    return dict(logged_in_once(url, username))


@functools.cache
def logged_in_once(url, username):
    account = {"username": username, "password": "test"}
    return requests.post(f"{url}/api/token/", json=account, timeout=5).json()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def get(url, path, headers):
    return requests.get(f"{url}{path}", headers=headers, timeout=5)


def in_address(wire):
    return any("password" in exchange.request.url for exchange in wire)


def login_sent(wire):
    return sent(wire, "a call of obtain()")


def login_means(wire):
    if in_address(wire):
        return (
            "The password is in the address, where every log keeps it. Send both as a JSON body: json={...}."
        )
    if not wire:
        return "obtain() has to POST the name and the password to /api/token/, and give what comes back."
    status, why = answer(wire[-1])
    said = f"{status} ({why})" if why else status
    return f"The server answered {said}. Send `username` and `password` to POST /api/token/, and give its JSON as it came."


# The plain project


PROJECT = "work/own_project/"
SIMPLEJWT = "djangorestframework-simplejwt"  # what pip calls the package
NOT_PROVIDED = "Authentication credentials were not provided."
EXPIRED = (401, "Token is expired")
PROJECT_KEY = (
    "a key of these checks alone, which the project finds in its environment, and which is long enough"
)


@pytest.fixture(scope="module")
def own():
    """The learner's plain project, which runs as it is."""
    with OwnProject(TREE, key=PROJECT_KEY) as server:
        SERVERS.append(server)
        yield server


@pytest.fixture
def project(own):
    """Its address."""
    return own.url


STRANGERS = {"a program": {}, "a browser": {"Accept": "text/html", "User-Agent": "Mozilla/5.0"}}


def test_a_stranger_is_asked_for_a_token(project):
    for who, headers in STRANGERS.items():
        response = get(project, "/notes/", headers)
        scheme, _, _realm = response.headers.get("WWW-Authenticate", "no challenge").partition(" realm=")
        got = (response.status_code, scheme)
        means = stranger_means(response, who)
        sent_then = f"GET /notes/ without a token to your project, as {who} does"
        expect(got, (401, "Bearer"), sent=sent_then, means=means, see="01, section 8")


@pytest.mark.parametrize("username", ["ada", "grace"])
def test_the_notes_open_for_whoever_logged_in(project, username):
    response = get(project, "/notes/", bearer(project_pair(project, username)["access"]))
    got = (*answer(response), whose(response))
    sent_then = f"the access token of {username} to GET /notes/ of your project"
    expect(got, (200, None, username), sent=sent_then, means=reader_means(got), see="01, section 8")


@pytest.mark.parametrize(
    "what", ["the refresh token", "an access token, changed", "an access token, too late"]
)
def test_a_token_that_is_not_good_opens_nothing(project, what):
    pair = project_pair(project, "ada")
    get(project, "/notes/", bearer(pair["access"]))  # the project could remember it
    token, wanted = {
        "the refresh token": (pair["refresh"], (401, "Token has wrong type")),
        "an access token, changed": (damaged(pair["access"]), INVALID),
        "an access token, too late": (expired(pair["access"]), EXPIRED),
    }[what]
    got = answer(get(project, "/notes/", bearer(token)))
    sent_then = f"{what}, to GET /notes/ of your project, after the good access token"
    expect(got, refusal(got, wanted), sent=sent_then, means=reader_means(got), see="01, section 8")


def test_a_deactivated_user_is_out_at_once(own, project):
    token = bearer(project_pair(project, "grace")["access"])
    get(project, "/notes/", token)  # the project could remember the user, or the page
    with closed(own, OF_THE_PROJECT):
        got = answer(get(project, "/notes/", token))
    means = (
        "Grace was deactivated, and her token opens the notes as before. JWTAuthentication looks the user up at each request: leave "
        "that to it, and let no cache answer in the place of a view that asks who somebody is."
    )
    sent_then = "the access token of grace to GET /notes/ of your project, then again after her deactivation"
    expect(got, (401, "User is inactive"), sent=sent_then, means=means, see="01, section 8")


def expired(token):
    """The same token, a second after its time: signed with the key in the environment of the project."""
    return jwt.encode(parts(token)[1] | {"exp": int(time.time()) - 1}, PROJECT_KEY, algorithm="HS256")


def refusal(got, wanted):
    """The refusal that is wanted. A project that signs with a key of its own says of an expired token that it is invalid."""
    return got if (got, wanted) == (INVALID, EXPIRED) else wanted


VIEWS = {"": "TokenObtainPairView", "refresh/": "TokenRefreshView", "verify/": "TokenVerifyView"}
POSTED = {
    "a wrong password": ("", lambda pair: {"username": "ada", "password": "no"}, (401, LOGIN_REFUSED)),
    "the refresh token": ("refresh/", lambda pair: {"refresh": pair["refresh"]}, (200, None)),
    "a refresh token, too late,": ("refresh/", lambda pair: {"refresh": expired(pair["refresh"])}, EXPIRED),
    "a good token": ("verify/", lambda pair: {"token": pair["access"]}, (200, None)),
    "a changed token": ("verify/", lambda pair: {"token": damaged(pair["access"])}, INVALID),
    "an expired token": ("verify/", lambda pair: {"token": expired(pair["access"])}, EXPIRED),
}


@pytest.mark.parametrize("what", POSTED)
def test_the_three_paths_do_their_work(project, what):
    end, body, wanted = POSTED[what]
    path = f"/api/token/{end}"
    response = requests.post(f"{project}{path}", json=body(project_pair(project, "ada")), timeout=5)
    got = answer(response)
    means = path_means(response, path, VIEWS[end])
    sent_then = f"{what} to POST {path} of your project"
    expect(got, refusal(got, wanted), sent=sent_then, means=means, see="01, section 8")
    if what == "the refresh token":
        got = answer(get(project, "/notes/", bearer(response.json().get("access"))))
        sent_then = "the refreshed access token to GET /notes/ of your project"
        expect(got, (200, None), sent=sent_then, means=reader_means(got), see="01, section 8")


def test_no_file_holds_the_key(monkeypatch):
    """The settings of the project, read twice, as two starts on another machine would read them."""
    monkeypatch.syspath_prepend(str(TREE / "own_project"))
    for name in [name for name in os.environ if name.startswith(("DJANGO_", "JWT_"))]:
        monkeypatch.delenv(name)
    first, second = signing_key(), signing_key()
    got = "the same key" if first == second else "another key"
    means = (
        "Whoever reads your files has that key, or can compute it, and makes tokens for everybody. It comes from the environment; "
        "without one there, let each start make its own, as SECRET_KEY does."
    )
    sent_then = f"{PROJECT}mysite/settings.py to Python twice, with no key in the environment, and compared what signs the tokens"
    expect(got, "another key", sent=sent_then, means=means, see="01, section 8")


def signing_key():
    """What the settings of the project sign tokens with, read anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "mysite"]:
        del sys.modules[name]
    settings = vars(importlib.import_module("mysite.settings"))
    return settings.get("SIMPLE_JWT", {}).get("SIGNING_KEY") or settings["SECRET_KEY"]


@pytest.mark.parametrize("who", STRANGERS)
def test_the_welcome_is_still_for_everybody(project, who):
    response = get(project, "/welcome/", STRANGERS[who])
    got = (*answer(response), response.headers["Content-Type"].partition(";")[0])
    means = "This view is for people who have not logged in yet. Protect the other one, or open this one again with AllowAny."
    means = NO_PAGE if response.status_code >= 500 else means
    wanted = (200, None, "text/html" if who == "a browser" else "application/json")
    sent_then = f"GET /welcome/ without a token to your project, as {who} does"
    expect(got, wanted, sent=sent_then, means=means, see="01, section 8")


NO_PAGE = (
    "Django REST framework has a page for browsers, and Django finds its template only when `rest_framework` is "
    "in INSTALLED_APPS."
)


def test_the_requirements_name_what_the_project_imports():
    """What `pip install -r requirements.txt` would bring, read as pip reads it."""
    lines = (TREE / "own_project/requirements.txt").read_text(encoding="utf-8").splitlines()
    known = [requirement(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]
    fits = [each for each in known if canonicalize_name(each.name) == SIMPLEJWT]
    version = metadata.version(SIMPLEJWT)
    got = [each.name for each in fits if each.specifier.contains(version)]
    means = (
        f"It names {', '.join(each.name for each in known) or 'nothing'}. Whoever installs from this file also needs the "
        f"package that `import rest_framework_simplejwt` comes from, in a version that fits: here it is {version}."
    )
    wanted = [each.name for each in fits][:1] or [SIMPLEJWT]
    expect(got, wanted, sent=f"{PROJECT}requirements.txt to a reader", means=means, see="01, section 8")


def requirement(line):
    """The line as pip understands it."""
    try:
        return Requirement(line.partition(" #")[0].strip())
    except InvalidRequirement as error:
        raise WorkshopError(f"{PROJECT}requirements.txt: pip cannot read the line {line!r}.") from error


@functools.cache
def project_pair(project, username):
    """The pair of a login at the learner's project."""
    account = {"username": username, "password": "test"}
    response = requests.post(f"{project}/api/token/", json=account, timeout=5)
    means = path_means(response, "/api/token/", "TokenObtainPairView")
    sent_then = f"the name and the password of {username} to POST /api/token/ of your project"
    got = sorted(response.json()) if response.ok else answer(response)
    expect(got, ["access", "refresh"], sent=sent_then, means=means, see="01, section 8")
    return response.json()


def whose(response):
    """Whose notes came, as the body says."""
    body = response.json() if "json" in response.headers.get("Content-Type", "") else None
    return body.get("for") if isinstance(body, dict) else None


def stranger_means(response, who):
    """Why a stranger was not asked for a token."""
    if response.status_code >= 500:
        return NO_PAGE
    if response.ok and who == "a browser":
        return "It opens for whoever writes `Accept: text/html`, and anybody can write that. Ask each of them for a token."
    if response.ok:
        return (
            "The view is still open. Authentication finds out who asks; it takes a permission that asks for somebody "
            "to keep everybody else out."
        )
    if response.status_code == 403:
        return (
            "A stranger gets 401 when a permission says no and the first authentication class knows a challenge: JWTAuthentication "
            "has to be the first in DEFAULT_AUTHENTICATION_CLASSES, for SessionAuthentication has none. A second REST_FRAMEWORK "
            "replaces the first one. A view that raises PermissionDenied says 403 in every case."
        )
    if response.status_code == 406:
        return "A browser asks for `text/html`, and your project has no page to give: BrowsableAPIRenderer makes one. Leave it in."
    return (
        "The challenge names the scheme that the first authentication class knows, and JWTAuthentication says `Bearer`. A view that "
        "makes its own Response with status 401 sends none: let a permission refuse, and Django REST framework adds it."
    )


def reader_means(got):
    """Why a token did not do at the notes what it should."""
    if got[:2] in [(401, NOT_PROVIDED), (403, NOT_PROVIDED)]:
        return "There was a token, and your project did not read it: none of its authentication classes knows `Bearer`."
    if got[0] == 200 and len(got) == 2:
        return (
            "It opened the notes. Let JWTAuthentication verify each token, each time, give it no LEEWAY, and let AUTH_TOKEN_CLASSES "
            "accept access tokens alone."
        )
    if got[0] == 200 and got[2]:
        return "These are the notes of somebody else. Whatever the view remembers, `for` is the user of this request."
    if got[0] == 200:
        return "The view does not say whose token came: `for` is the user of this request."
    return "A good access token of a user is to open /notes/, and no other token is."


def path_means(response, path, view):
    """Why one of the three paths did not respond as simplejwt's view does."""
    if response.status_code in (404, 405):
        return f"Your project has no view at {path} that takes a POST: mysite/urls.py leads it to {view}."
    if response.status_code >= 500:
        return f"It failed there. In SIMPLE_JWT, lifetimes are timedelta objects, and SIGNING_KEY is text; {view} does the rest."
    return f"Something else than {view} responds at {path}, or SIMPLE_JWT changes what it does."
