"""What step 04 asks: a session that refreshes once per expiry, sends the request again once, and knows when to stop."""

import functools
import json
import tempfile
import threading
import time
import traceback
from concurrent.futures import wait
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from workshop.attacks import damaged
from workshop.claims import expiry
from workshop.expect import ENCODED_TOKEN, answer, body_of, expect, leaked, not_written
from workshop.learner.check_plugin import SERVERS, TREE
from workshop.servers.gateway import NO_RESPONSE, Gateway, Reply
from workshop.servers.live_server import LiveServer
from workshop.servers.needs import needs
from workshop.servers.transport import meanwhile
from workshop.wire import as_text

FILE = "client/session.py"
ORDERS, REFRESH = "/user-orders/", "/api/token/refresh/"
EXPIRED, INVALID, WRONG_TYPE = "Token is expired", "Token is invalid", "Token has wrong type"
SAYS_SO = {"token_class": "AccessToken", "message": EXPIRED}
MOST = 60  # requests in one check: a client that needs more will never end
THREADS = 10
STUCK = "nothing: it waits forever"
LOCKED = (
    "A thread waits forever: release the lock in every case, also after an error. `with` does it for you."
)
PATIENCE = 15  # seconds for all threads: those of a right answer need one
RENEWED = [f"GET {ORDERS} 401 ({EXPIRED})", f"POST {REFRESH} 200", f"GET {ORDERS} 200"]
ONCE = "after a refresh, send the request once more, and give back that response."
BODY_ONLY = "The refresh token was presented as Bearer. It goes to /api/token/refresh/ only, in the body."
TOO_EARLY = "Present the access token first: only the server's 401 says that it has expired."
NOTHING = "No request was sent. request() has to call super().request() with base_url and the path."
ENDLESS = (
    "It would go on forever. One refresh and one more try are enough: when the second try is rejected too, "
    "give that refusal back."
)
KETTLE = {"name": "Kettle", "description": "Boils water.", "price": "19.99", "stock": 3}
JSON = {"Content-Type": "application/json"}
NEWER = "a-refresh-token-without-an-access-token"
PAGE = "<h1>Not now</h1>"  # what a gateway says that cannot reach the shop


def in_json(status, body):
    """What a gateway answers in the shop's place, in JSON."""
    return Reply(status, JSON["Content-Type"], json.dumps(body))


class NoEnd(BaseException):
    """The client goes on and on. No `except Exception` of its own can swallow this."""


@pytest.fixture(autouse=True)
def attempts(monkeypatch, wire):
    """Every request that a session began to send. A client that would go on forever is stopped after MOST of them."""
    send, begun = HTTPAdapter.send, []

    def limited(adapter, request, *args, **options):
        begun.append(request)
        if len(begun) > MOST:
            raise NoEnd
        response = send(adapter, request, *args, **options)
        _ = response.content  # read now: a client may close a response that it does not want
        return response

    monkeypatch.setattr(HTTPAdapter, "send", limited)
    return begun


@pytest.fixture(scope="module")
def shop():
    """The shop with tokens that outlive every check, whatever the lifetimes of the tree are."""
    with LiveServer(TREE, access=300, refresh=3600) as server:
        SERVERS.append(server)
        yield server


@pytest.fixture
def url(shop):
    """In these checks, the address of that shop."""
    return shop.url


def same_shop(shop, *, settings=(), **lifetimes):
    """One more process of the same shop, with the same database; its tokens have other lifetimes and settings."""
    database = quote((shop.folder / "db.sqlite3").as_posix())
    server = LiveServer(TREE, environment={"DATABASE_URL": f"sqlite:///{database}"}, **lifetimes)
    server.tried = dict(settings)
    SERVERS.append(server)
    return server


@pytest.fixture(scope="module")
def stillborn(shop):
    """The shop, where every token is dead when it arrives (exp is a whole second): no check has to wait."""
    with same_shop(shop, access=0.0001, refresh=0.0001) as server:
        yield server


@pytest.fixture(scope="module")
def rotating(shop):
    """The shop, where each refresh gives a new refresh token, too, and access tokens are dead when they arrive."""
    with same_shop(shop, settings={"ROTATE_REFRESH_TOKENS": True}, access=0.0001, refresh=3600) as server:
        yield server


@pytest.fixture(scope="module")
def dead(stillborn):
    """A real pair per person, both tokens expired."""
    pairs = {name: login(stillborn.url, name) for name in ("ada", "grace", "admin")}
    time.sleep(max(0, max(expiry(pair["access"]) for pair in pairs.values()) - time.time()))
    return pairs


@pytest.fixture(scope="module")
def refresh_token(shop):
    """A good refresh token of a person. A login costs a password hash, so it is one for all checks, unless the shop rotates."""
    rotates = "refresh" in post_refresh(shop.url, login(shop.url, "ada")["refresh"]).json()

    def obtain(username):
        return login(shop.url, username)["refresh"]

    return obtain if rotates else functools.cache(obtain)


@pytest.fixture
def open_session(learner, dead, url, refresh_token):
    """A session of the learner's: its access token has expired, its refresh token is good, unless said otherwise."""

    def opened(username="ada", base_url=url, **tokens):
        module = learner(FILE)
        pair = {"access": dead[username]["access"]} | tokens
        if "refresh" not in pair:
            pair |= {"refresh": refresh_token(username)}
        return Caller(module, base_url, pair)

    return opened


class Caller:
    """A learner's session, asked by a check."""

    def __init__(self, module, base_url, pair):
        self.module, self.pair, self.passed = module, dict(pair), pair
        try:
            self.session = module.ShopSession(base_url, pair)
        except TypeError as error:
            sent, means = "ShopSession(url, pair)", "Keep the __init__ of the stub."
            expect(str(error), "a session", sent=sent, means=means, see="04, section 6")

    def __call__(self, method, path, **options):
        """What came back: (status, reason); or in words what was raised."""
        try:
            return answer(getattr(self.session, method)(path, **options))
        except self.module.LoginAgain as error:
            return f"LoginAgain: {error}"
        except requests.RequestException as error:
            return f"{type(error).__name__}: {error}"
        except NoEnd:
            return f"no response, only the next request, until it was stopped after {MOST}"


# Which refusal does a refresh fix?


EXPIRED_ANSWERS = {
    "by the shop": lambda url, dead: get(url, ORDERS, dead["access"]),
    # A server that knows several kinds of token has an entry in `messages` for each.
    "after another kind of token": lambda url, dead: by_a_gateway(
        url, refusal({"message": WRONG_TYPE}, SAYS_SO)
    ),
    "after one entry without a message and one with a list for it": lambda url, dead: by_a_gateway(
        url, refusal({}, {"message": [INVALID]}, SAYS_SO)
    ),
    "for a token of another class": lambda url, dead: by_a_gateway(
        url, refusal({"token_class": "SlidingToken", "token_type": "sliding", "message": EXPIRED})
    ),
}


@pytest.mark.parametrize("said", EXPIRED_ANSWERS)
def test_an_expired_access_token_is_recognised(url, learner, dead, said):
    response = EXPIRED_ANSWERS[said](url, dead["ada"])
    told(learner, response, True, f"a request whose 401 says {EXPIRED!r}, {said}")


TOLD = {"messages": [{"message": EXPIRED}]}
OTHER_ANSWERS = {
    "success": lambda url, good, dead: get(url, ORDERS, good["access"]),
    "no JSON": lambda url, good, dead: get(url, "/nowhere/", good["access"]),
    "forbidden": lambda url, good, dead: get(url, "/orders/", good["access"]),
    "no token": lambda url, good, dead: requests.get(f"{url}{ORDERS}", timeout=5),
    "wrong type": lambda url, good, dead: get(url, ORDERS, good["refresh"]),
    "invalid": lambda url, good, dead: get(url, ORDERS, damaged(good["access"])),
    "dead refresh token": lambda url, good, dead: post_refresh(url, dead["refresh"]),
    "a gateway's page": lambda url, good, dead: by_a_gateway(url, Reply(401, "text/html", PAGE)),
    "a gateway's list": lambda url, good, dead: by_a_gateway(url, in_json(401, [])),
    "an older simplejwt's": lambda url, good, dead: by_a_gateway(
        url, refusal({"token_class": "AccessToken", "message": "Token is invalid or expired"})
    ),
    "a success that has the sentence": lambda url, good, dead: by_a_gateway(url, in_json(200, TOLD)),
    "a 403 that has the sentence": lambda url, good, dead: by_a_gateway(url, in_json(403, TOLD)),
}


@pytest.mark.parametrize("name", OTHER_ANSWERS)
def test_what_no_refresh_fixes_is_recognised(url, learner, dead, name):
    response = OTHER_ANSWERS[name](url, login(url, "ada"), dead["ada"])
    told(learner, response, False, f"a request whose response is: {name}")


def by_a_gateway(url, reply):
    """What a gateway in front of the shop answers in the shop's place."""
    with Gateway(url, {ORDERS: [reply]}) as gateway:
        return requests.get(f"{gateway.url}{ORDERS}", timeout=5)


def refusal(*entries):
    """A gateway's 401 with these entries in `messages`."""
    return in_json(401, {"detail": "Given token not valid for any token type", "messages": entries})


def told(learner, response, wanted, sent):
    """Compare what is_expired() says of a real response."""
    got = learner(FILE).is_expired(response)
    status, why = answer(response)
    means = f"The server answered {status}" + (f" with the reason {why!r}. " if why else ". ")
    if is_refresh(response.request):
        means += "Here the *refresh* token is dead: the sentence is in `detail`, and there are no messages."
    elif wanted and len(response.json()["messages"]) > 1:
        means += "In the body, one entry of `messages` is enough: look at each of them, and pass over one whose `message` is missing or no text."
    elif wanted:
        means += "The sentence is in messages[0].message: this is the one refusal that a refresh fixes, whatever token_class names."
    elif status == 401:
        means += f"Not every 401 means expired: one whose messages[].message is {EXPIRED!r}, and no other text, does."
    else:
        means += "Only a 401 can be about an expired token: look at the status first."
    expect(got, wanted, sent=f"{sent}, then the response to is_expired()", means=means, see="04, section 5")


# A token that is good, and one that has expired.


def test_a_good_token_is_presented_and_nothing_is_refreshed(url, open_session, wire):
    call = open_session(**login(url, "ada"))
    done = [called(call, wire, "get", ORDERS)[1] for _ in range(3)]
    means = NOTHING if not any(done) else "Present the access token as it is, and give the response back."
    if any("refresh" in line for one in done for line in one):
        means = (
            "The access token was good. A refresh before every call doubles the requests, and sends the refresh "
            "token around all day: wait until the server says that the access token has expired."
        )
    sent, wanted = "three times GET /user-orders/ with a good token", listed(RENEWED[2:] * 3)
    expect(listed(*done), wanted, sent=sent, means=means, see="04, section 6")


def test_an_expired_token_is_refreshed_and_the_new_one_kept(open_session, wire):
    call = open_session()
    got, done = called(call, wire, "get", ORDERS)
    sent = "GET /user-orders/ with an expired access token and a good refresh token"
    expect(listed(done), listed(RENEWED), sent=sent, means=meaning(done, wire), see="04, section 6")
    means = "The call gives back the response to the second try."
    expect(got, (200, None), sent=sent, means=means, see="04, section 6")
    _, done = called(call, wire, "get", ORDERS)
    means = "The new access token was used once and then forgotten: keep it, the next call presents it."
    expect(listed(done), RENEWED[2], sent=f"{sent}, then once more", means=means, see="04, section 6")


def test_a_new_refresh_token_is_kept(rotating, open_session, wire):
    call, begun = open_session(base_url=rotating.url), len(wire)
    for _ in range(2):
        call("get", ORDERS)
    refreshes = [each for each in wire[begun:] if is_refresh(each.request)]
    given = [call.pair["refresh"], *(token_in(each, "refresh") for each in refreshes)]
    names = ["the refresh token of the login", "the refresh token of the first refresh"]
    tokens = [sent_refresh_token(each.request) for each in refreshes]
    got = [names[given.index(token)] if token in given[:2] else "another text" for token in tokens]
    means = (
        "The response to the first refresh held a new refresh token as well. A server that rotates (step 07) "
        "accepts only that one from then on: keep it."
    )
    if len(refreshes) != 2:
        got, means = (
            [f"{len(refreshes)} refreshes"],
            "Each of the two access tokens had expired: each needs one refresh.",
        )
    sent = "GET /user-orders/ twice, each time with an expired access token, to a server that rotates refresh tokens"
    expect(", then ".join(got), ", then ".join(names), sent=sent, means=means, see="04, section 6")


CLOCKS = {"slow": -3600, "fast": 3600}  # seconds


@pytest.mark.parametrize("clock", CLOCKS)
def test_only_the_server_says_when_a_token_has_expired(url, open_session, wire, monkeypatch, clock):
    tokens, wanted, state = {}, RENEWED, "an expired access token"
    if clock == "fast":
        tokens, wanted, state = login(url, "ada"), [f"GET {ORDERS} 200"], "a good access token"
    _, usual = called(open_session(**tokens), wire, "get", ORDERS)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + CLOCKS[clock])
    _, done = called(open_session(**tokens), wire, "get", ORDERS)
    means = (
        "The client looked at its own clock. The server decides by the server's clock, so send the request: "
        "its 401 says when the token has expired."
    )
    if usual == done:
        means = meaning(done, wire)
    sent = f"GET {ORDERS} with {state}, from a computer whose clock is an hour {clock}"
    expect(listed(done), listed(wanted), sent=sent, means=means, see="04, section 6")


def test_a_post_is_sent_again_once_with_its_body(url, open_session, wire):
    call = open_session("admin")
    before = number_of_products(url)
    got, done = called(call, wire, "post", "/products/", json=KETTLE)
    means = meaning(done, wire)
    made = number_of_products(url) - before
    sent = "POST /products/ as admin, with an expired access token"
    told = f"{got[0] if isinstance(got, tuple) else got}, and {made} new products"
    if made > 1:
        means = f"The product was made {made} times: {ONCE}"
    elif done and done[-1].startswith(("POST /products/ 400", "POST /products/ 415")):
        means = "The second try lost what the first one carried: send it with the same options, the body and its Content-Type included."
    expect(told, "201, and 1 new products", sent=sent, means=means, see="04, section 6")


CALLS = {
    "GET with a query and a header": (
        ("get", "/products/2/"),
        {"params": {"fields": "name"}, "headers": {"Accept-Language": "ko"}},
        (200, None),
    ),
    "PATCH with a body": (("patch", ORDERS), {"json": {"stock": 5}}, (405, 'Method "PATCH" not allowed.')),
    "PUT with an empty dict": (("put", ORDERS), {"json": {}}, (405, 'Method "PUT" not allowed.')),
    "DELETE with a form": (
        ("delete", ORDERS),
        {"data": {"name": b"Kettle", "stock": ["5", 6]}, "params": (("fields", "name"), ("fields", "stock"))},
        (405, 'Method "DELETE" not allowed.'),
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_second_try_is_the_same_request(open_session, wire, name):
    request, options, wanted = CALLS[name]
    got, done = called(open_session(), wire, *request, **options)
    line = f"{request[0].upper()} {request[1]}{'?' + urlencode(options['params']) if 'params' in options else ''}"
    sent = f"{name}, with an expired access token"
    wanted_lines = [f"{line} 401 ({EXPIRED})", RENEWED[1], f"{line} {in_words(wanted)}"]
    means = (
        f"Send the same request again, with its query, in which a name may come twice. {ONCE.capitalize()}"
    )
    if not done:
        means = f"{NOTHING} In requests get, patch, delete and all the others call it."
    elif len(done) != len(wanted_lines) or "refresh" not in done[1]:
        means = meaning(done, wire)
    expect(listed(done), listed(wanted_lines), sent=sent, means=means, see="04, section 6")
    if "json" in options:
        means = "`json` is sent whatever is in it, also when it is empty: only None means that there is none."
        body = wire[-1].request.body and json.loads(wire[-1].request.body)
        expect(body, options["json"], sent=sent, means=means, see="04, section 6")
    first, second = (without_the_token(each.request) for each in (wire[-3], wire[-1]))
    lost = sorted(part for part in first if first[part] != second.get(part))
    means = "The second try lost these parts of the request, or changed them. Send it with the same options."
    lost, nothing = ", ".join(lost) or "no difference", "no difference"
    expect(lost, nothing, sent=f"{sent}, and compared both tries", means=means, see="04, section 6")
    means = "Give back the response to the second try, whatever it is."
    expect(got, wanted, sent=sent, means=means, see="04, section 6")


def from_its_second_line(path):
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115 - an open file, and no io.IOBase
    file.write(b"This line was read before.\n" + path.read_bytes())
    file.seek(0)
    file.readline()
    return file


ONLY_ONCE = {
    "a body from a temporary file, from its second line on": lambda path: {
        "data": from_its_second_line(path),
        "headers": JSON,
    },
    "a body from a generator": lambda path: {
        "data": (bytes([each]) for each in path.read_bytes()),
        "headers": JSON,
    },
    "a body from an iterator": lambda path: {"data": iter([path.read_bytes()]), "headers": JSON},
    "a form with an open file": lambda path: {"data": KETTLE, "files": {"picture": path.open("rb")}},
    "a query from a generator": lambda path: {"json": KETTLE, "params": (pair for pair in [("shelf", "3")])},
}
REPEATED = "201, and 1 new products"


@pytest.mark.parametrize("kind", ONLY_ONCE)
def test_what_can_be_read_only_once_is_not_cut(url, open_session, tmp_path, kind):
    (tmp_path / "kettle.json").write_text(json.dumps(KETTLE))
    before = number_of_products(url)
    with Gateway(url) as gateway:
        call, options = open_session("admin", base_url=gateway.url), ONLY_ONCE[kind](tmp_path / "kettle.json")
        got = outcome(lambda: call("post", "/products/", **options))
    made = number_of_products(url) - before
    tries = [each for each in gateway.received if each[0].startswith("POST /products/")]
    changed = difference(*tries[:2]) if len(tries) > 1 else ""
    came = f"{got[0] if isinstance(got, tuple) else got}, and {made} new products"
    if isinstance(got, str) and not got.startswith("LoginAgain") and made == 0 and len(tries) < 2:
        came = REPEATED  # or refused with an error of the session's own
    means = (
        changed or f"{ONCE.capitalize()} Or refuse such a request with an error, so that its sender knows."
    )
    if made > 1 or (isinstance(got, tuple) and got[0] not in (201, 400)):
        means = f"{ONCE.capitalize()} With its headers, and not again when it has succeeded."
    sent = f"POST /products/ as admin with an expired access token and {kind}"
    came += ", and the second try carried other things than the first" if changed else ""
    expect(came, REPEATED, sent=sent, means=means, see="04, section 6")


def difference(first, second):
    """What the second of two tries, each an address and a body, did not repeat; nothing when they are the same."""
    if first == second:
        return ""
    if first[0] != second[0]:
        return "The first try read the query to its end. Make a list of it before the first try."
    if len(first[1]) > len(second[1]):
        return (
            "The first try read the body to its end, so the second had nothing left to send. Read such a body before "
            "the first try, or refuse it with an error."
        )
    if len(first[1]) < len(second[1]):
        return (
            "The second try began at another place of the file than the first. Read it before the first try, from "
            "where it is, or refuse it with an error."
        )
    return (
        "The form was encoded twice, each time with another boundary. Encode it once, and send these bytes."
    )


# Knowing when to stop.


REFUSALS = {
    "invalid": (lambda good: {"access": damaged(good["access"])}, ORDERS, (401, INVALID)),
    "wrong type": (lambda good: {"access": good["refresh"]}, ORDERS, (401, WRONG_TYPE)),
    "forbidden": (
        lambda good: {"access": good["access"]},
        "/orders/",
        (403, "You do not have permission to perform this action."),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_another_refusal_is_given_back_as_it_came(url, open_session, wire, name):
    tokens, path, wanted = REFUSALS[name]
    good = login(url, "ada")
    got, done = called(open_session(**good | tokens(good)), wire, "get", path)
    means = "A refresh fixes only an expired access token. Give every other refusal back."
    if any("refresh" in line for line in done):
        means = f"It was answered with a refresh. {means}"
    elif not done:
        means = NOTHING
    sent = f"GET {path}, which the server refuses: {name}"
    wanted_line = f"GET {path} {wanted[0]} ({wanted[1]})"
    expect(listed(done), wanted_line, sent=sent, means=means, see="04, section 5")
    expect(got, wanted, sent=sent, means=means, see="04, section 5")


def test_a_second_refusal_in_a_row_is_given_back(rotating, open_session, wire):
    call, wanted = open_session(base_url=rotating.url), [*RENEWED[:2], RENEWED[0]]
    for state in ("an expired access token", "the new token, which had expired as well"):
        got, done = called(call, wire, "get", ORDERS)
        sent = f"GET /user-orders/ with {state}, to a server whose new tokens are expired at once"
        means = ENDLESS if len(done) > len(RENEWED) else meaning(done, wire)
        if len(done) == 1 and "new" in state:
            means = (
                "The new token has expired too, as every token does, and nobody asked for another. Refresh once per "
                "expiry: not once per session, and not once in a while. What counts is which token was rejected."
            )
        expect(listed(done), listed(wanted), sent=sent, means=means, see="04, section 6")
        means = "The second refusal is a response like any other: give it back."
        expect(got, (401, EXPIRED), sent=sent, means=means, see="04, section 6")


def test_a_dead_refresh_token_asks_for_a_new_login(open_session, dead, wire):
    got, done = called(open_session(**dead["ada"]), wire, "get", ORDERS)
    asks_for_login(got, done, wire, EXPIRED, "GET /user-orders/ when both tokens had expired")


def asks_for_login(got, done, wire, why, sent):
    means = (
        "No refresh will ever work again. Raise LoginAgain with the server's `detail`, or with the status where the body is no "
        "JSON: a caller who gets this refusal back would take it for one about the order list."
    )
    if not any("refresh" in line for line in done):
        means = meaning(done, wire)
    elif isinstance(got, str) and got.startswith("LoginAgain"):
        means = (
            "The message of LoginAgain is `Log in again: ` and the server's own `detail`. A gateway between the session and "
            "the shop may send none: then it is the status."
        )
    expect(got, f"LoginAgain: Log in again: {why}", sent=sent, means=means, see="04, section 4")
    wanted = [RENEWED[0], f"POST {REFRESH} 401" + (f" ({why})" if why != "401" else "")]
    means = "Ask once. A refresh token that was rejected is rejected the next time, too."
    if len(done) == 1:
        means = TOO_EARLY
    expect(listed(done), listed(wanted), sent=sent, means=means, see="04, section 4")


INACTIVE = "No active account found for the given token."
REJECTIONS = {
    "a detail of its own": (in_json(401, {"detail": INACTIVE}), INACTIVE),
    "a page": (Reply(401, "text/html", PAGE), "401"),
    "JSON without a detail": (in_json(401, {"error": "login required"}), "401"),
}


@pytest.mark.parametrize("body", REJECTIONS)
def test_every_401_of_the_refresh_endpoint_asks_for_a_new_login(url, open_session, wire, body):
    reply, why = REJECTIONS[body]
    with Gateway(url, {REFRESH: [reply]}) as gateway:
        call, begun = open_session(base_url=gateway.url), len(wire)
        got = outcome(lambda: call("get", ORDERS))
        done = lines(wire[begun:])
        outcome(lambda: call("get", ORDERS))
        refreshes = refreshes_at(gateway)
    sent = f"GET {ORDERS} with an expired access token, when the response to the refresh is a 401 with {body}"
    asks_for_login(got, done, wire, why, sent)
    means = "It was rejected, whatever the 401 says, and will be rejected again. Keep in mind that it was, not only why."
    asked = f"POST {REFRESH}"
    expect(
        f"{refreshes} {asked}", f"1 {asked}", sent=f"{sent}; and once more", means=means, see="04, section 6"
    )


def refreshes_at(gateway):
    """How many refreshes came."""
    return sum(REFRESH in asked for asked, _ in gateway.received)


NO_HEADER = (401, "Authentication credentials were not provided.")
HICCUPS = {
    "503": Reply(503, "text/html", PAGE),
    "429": Reply(429, "text/html", PAGE),
    "503, as JSON": in_json(503, {"detail": "The shop is busy."}),
    "200 without an access token": in_json(200, {"refresh": NEWER}),
    "200 with null for an access token": in_json(200, {"access": None, "refresh": NEWER}),
    "nothing": NO_RESPONSE,
}


@pytest.mark.parametrize("said", HICCUPS)
def test_a_refresh_that_fails_otherwise_is_no_reason_to_log_in(url, open_session, wire, said):
    with Gateway(url, {REFRESH: [HICCUPS[said]]}) as gateway:
        call, begun = open_session(base_url=gateway.url), len(wire)
        got = outcome(lambda: call("get", ORDERS))
        done = lines(wire[begun:])
        refreshes = refreshes_at(gateway)
        (again,) = at_once([lambda: outcome(lambda: call("get", ORDERS))], PATIENCE / 3)
    sent = f"GET {ORDERS} with an expired access token, while the refresh endpoint answers {said}"
    means = "One refresh is enough: give up, and let the caller try later."
    if not refreshes:
        means = meaning(done, wire)
    asked = f"POST {REFRESH}"
    expect(f"{refreshes} {asked}", f"1 {asked}", sent=sent, means=means, see="04, section 6")
    wanted = "an error that is not LoginAgain"
    found = in_words(got) if isinstance(got, tuple) else wanted
    means = "The caller would take this for the response to its own request. Raise an error of your choice."
    if said.startswith("200"):
        means = (
            "There is no new token to present. Raise an error of your choice, and keep the header as it was, and the "
            "refresh token."
        )
    if isinstance(got, str) and got.startswith("LoginAgain"):
        found = "LoginAgain"
        means = "Only a 401 says that the refresh token is dead. This one is as good as before: raise another error."
    expect(found, wanted, sent=sent, means=means, see="04, section 4")
    means = "The refresh token is still good, so the next call refreshes and gets its response."
    if again == STUCK:
        means = LOCKED
    elif again == got:
        means = f"{means} A failure is over with its call: only a 401 is to be remembered."
    elif again == NO_HEADER:
        means = f"{means} The header was gone by then: change it only when the new token is there."
    elif any(NEWER.encode() in body for _, body in gateway.received):
        means = (
            "The session kept the refresh token of a 200 that held no access token, so half of it has changed, and the next "
            "refresh sends that one. Look for `access` first, and keep `refresh` only when both are there."
        )
    sent = f"{sent}; and once more when it works again"
    expect(again, (200, None), sent=sent, means=means, see="04, section 6")


# Where a token may go.


def test_each_token_goes_to_its_own_place(open_session, wire):
    call, begun = open_session(), len(wire)
    own = {"headers": {"Accept-Language": "ko"}, "params": {"page": "1"}}
    call.session.cookies.set("basket", "of the session")
    for _ in range(2):
        call("get", ORDERS, **own)
    found = {place for each in wire[begun:] for place in strays(each.request, call.pair["refresh"])}
    if ENCODED_TOKEN.search(str(own)):
        found.add("a token in a dict that the caller passed to the request")
    if call.passed != call.pair:
        found.add("a token in the pair that the session was made with")
    means = (
        "The access token goes into the header Authorization, the refresh token into the body of a refresh. Every "
        "other place is one more from which it can be stolen."
    )
    if not found and any(
        is_refresh(each.request) and "basket" in str(each.request.headers) for each in wire[begun:]
    ):
        found.add("the refresh, with a cookie of the session")
        means = (
            "The session sent the refresh itself, so its cookies, its headers and the dead access token went along. Send it with "
            "requests.post(), which takes nothing along."
        )
    sent = f"GET {ORDERS} with an expired access token, then again, and searched every request for tokens"
    got, wanted = ", ".join(sorted(found)) or "no token elsewhere", "no token elsewhere"
    expect(got, wanted, sent=sent, means=means, see="04, section 6")


def test_no_token_goes_where_a_redirect_leads(url, open_session, wire):
    begun, elsewhere = len(wire), {ORDERS: [refusal(SAYS_SO)] * 6}
    with Gateway(url, elsewhere) as other, Gateway(url) as gateway:
        host = urlsplit(other.url).netloc
        # The second begins with base_url: what is before the @ is a name.
        places = {308: other.url, 307: f"{gateway.url}@{host}"}
        for path in (ORDERS, REFRESH):
            gateway.replies = {
                path: [Reply(status, "text/html", PAGE, place + path) for status, place in places.items()]
            }
            call = open_session(base_url=gateway.url)
            for _ in places:
                outcome(functools.partial(call, "get", ORDERS))
        outcome(functools.partial(call, "get", f"//{host}{ORDERS}"))
        gateway.replies = {"/products/": [Reply(308, "text/html", PAGE, f"{other.url}/products/")]}
        call = open_session(base_url=gateway.url)
        for path in ("/products/", ORDERS):
            outcome(functools.partial(call, "get", path))
    got = [each.request for each in wire[begun:] if urlsplit(each.request.url).netloc.endswith(host)]
    found = ", ".join(sorted({kind for request in got for kind in tokens_in(request, call.pair["refresh"])}))
    means = (
        "A redirect may lead to anybody, and what comes back from there proves nothing. Both tokens go to base_url only, "
        "also after a 308 (moved for good). The refresh itself follows no redirect (`allow_redirects=False`), also where "
        "the address begins with base_url: after that an `@`, or more of a name, makes it another host. So does urljoin() with "
        "a path that begins with `//`: append the path to base_url."
    )
    sent = (
        f"GET {ORDERS} to a shop that sends the request, then the refresh, to another host, whose 401 says {EXPIRED!r}, then GET "
        f"//<that host>/, then GET /products/, which has moved there, and GET {ORDERS} once more, and looked what that host got"
    )
    expect(found or "no token", "no token", sent=sent, means=means, see="04, section 6")


def tokens_in(request, refresh):
    """The kinds of token in this request, wherever they are."""
    for token in ENCODED_TOKEN.findall(f"{request.url} {dict(request.headers)} {body_text(request)}"):
        yield "the refresh token" if signature(refresh) in token else "an access token"


def strays(request, refresh):
    """Where in this request a token is that does not belong there."""
    to_refresh, body = is_refresh(request), body_text(request)
    for name, value in request.headers.items():
        value = as_text(value)
        if signature(refresh) in value:
            yield f"the refresh token in the header {name}"
        elif ENCODED_TOKEN.search(value) and name.lower() != "authorization":
            yield f"a token in the header {name}"
    if ENCODED_TOKEN.search(request.url):
        yield "a token in the address"
    if len(ENCODED_TOKEN.findall(body)) > to_refresh:
        yield "more than the refresh token in the body of a refresh" if to_refresh else "a token in a body"


def test_each_session_presents_its_own_tokens(url, open_session, dead, wire):
    ada = open_session()
    late = Caller(ada.module, url, dead["ada"])
    outcome(lambda: late("get", ORDERS))
    grace = Caller(ada.module, url, login(url, "grace") | {"access": dead["grace"]["access"]})
    owners, came = [], []
    for session in (ada, grace, ada):
        came.append(session("get", ORDERS))
        orders = wire[-1].json() if wire[-1].ok and wire[-1].request.path_url == ORDERS else []
        owners.append({order["user"] for order in orders})
    means = "The two sessions share a token: keep it in the session (self), not in the module or the class."
    got = wanted = "three times the orders of the session's own user"
    if owners[0] & owners[1] or (owners[0] and owners[2] and owners[0] != owners[2]):
        got = "orders of the other session's user"
    if any(str(each).startswith("LoginAgain") for each in came):
        got, means = (
            "LoginAgain",
            "Only the refresh token of another session was rejected. Keep that, too, in the session (self).",
        )
    sent = f"GET {ORDERS} from a session whose tokens are dead, then from one of ada, from one of grace, and from ada's again"
    expect(got, wanted, sent=sent, means=means, see="04, section 6")


def test_no_token_is_printed_or_logged(url, open_session, dead, wire, said):
    failures = [NO_RESPONSE, HICCUPS["503"], HICCUPS["200 without an access token"]]
    begun, refresh = len(wire), login(url, "ada")["refresh"]
    with Gateway(url, {REFRESH: failures}) as gateway:
        calls = [open_session(base_url=gateway.url, refresh=refresh) for _ in failures]
        calls += [open_session(refresh=refresh), open_session(**dead["ada"])]
        raised = "\n".join(raised_by(functools.partial(call.session.get, ORDERS)) for call in calls)
    new = [found for each in wire[begun:] if is_refresh(each.request) and (found := token_in(each, "access"))]
    tokens = {f"the expired {kind} token": token for kind, token in dead["ada"].items()}
    tokens |= {"the refresh token": refresh, "the refresh token of a 200": NEWER}
    tokens |= {f"new access token {number}": token for number, token in enumerate(new, 1)}
    means = "A terminal is a log, and whoever reads it can present the token. Take the print() or the log line out."
    if leaked(raised, tokens):
        means = "The message of an error is shown, logged and sent to others. Say what failed and where, not what was sent, nor what came."
    found = ", ".join(leaked(f"{said.by_code()}\n{raised}", tokens)) or "no token"
    sent = (
        f"GET {ORDERS} with expired tokens, also when the connection breaks during the refresh, when it gets a 503, and when it "
        "gets a 200 with a refresh token only; and read what the session printed, logged and raised"
    )
    expect(found, "no token", sent=sent, means=means, see="04, section 6")


# Many threads, one session.


def test_ten_threads_share_one_refresh(open_session, wire, monkeypatch):
    call, begun = open_session(), len(wire)
    together = Together(monkeypatch)
    answers = at_once([lambda: call("get", ORDERS)] * THREADS)
    done = lines(wire[begun:])
    refreshes = sum("refresh" in line for line in done)
    good = sum(each == (200, None) for each in answers)
    expect(
        f"{refreshes} POST {REFRESH}, and {good} of {THREADS} answers 200",
        f"1 POST {REFRESH}, and {THREADS} of {THREADS} answers 200",
        sent=f"GET {ORDERS} from {THREADS} threads at once, all with the same expired access token",
        means=meaning_of_threads(done, answers, refreshes, together.most),
        see="04, section 7",
    )


def test_ten_threads_with_a_dead_refresh_token_ask_once(open_session, dead, wire, monkeypatch):
    call, begun = open_session(**dead["ada"]), len(wire)
    together = Together(monkeypatch)
    answers = at_once([lambda: call("get", ORDERS)] * THREADS)
    refreshes = sum("refresh" in line for line in lines(wire[begun:]))
    asked = sum(each == f"LoginAgain: Log in again: {EXPIRED}" for each in answers)
    means = (
        "A refresh token that was rejected is never good again, so only the first thread sends it. Remember, inside "
        "the lock, what the server said: the others raise the same LoginAgain."
    )
    if STUCK in answers:
        means = LOCKED
    elif refreshes == 0:
        means = "Nobody asked the refresh endpoint: only its 401 says that the refresh token is dead."
    elif refreshes == 1:
        other = next((each for each in answers if each != f"LoginAgain: Log in again: {EXPIRED}"), answers[0])
        other = in_words(other) if isinstance(other, tuple) else other
        means = f"One of the threads got {other}. Each needs the LoginAgain, with the server's detail: remember that, too."
    elif together.most > 1:
        means = f"No thread waited for another. {means}"
    expect(
        f"{refreshes} POST {REFRESH}, and {asked} LoginAgain",
        f"1 POST {REFRESH}, and {THREADS} LoginAgain",
        sent=f"GET {ORDERS} from {THREADS} threads at once, when both tokens had expired",
        means=means,
        see="04, section 7",
    )
    call("get", "/admin/login/")  # a page that asks for no token
    got, done = called(call, wire, "get", ORDERS)
    means = "That another page was a success says nothing about the refresh token: it stays rejected."
    sent = f"GET /admin/login/, then GET {ORDERS} once more"
    wanted = f"GET {ORDERS} 401 ({EXPIRED}), then LoginAgain: Log in again: {EXPIRED}"
    came = in_words(got) if isinstance(got, tuple) else got
    expect(f"{listed(done)}, then {came}", wanted, sent=sent, means=means, see="04, section 7")


def test_a_refusal_that_arrives_late_finds_the_new_token(open_session, wire, monkeypatch):
    call, begun = open_session(), len(wire)
    late = Late(monkeypatch)

    def second():
        late.held.wait(PATIENCE / 3)
        try:
            return call("get", ORDERS)
        finally:
            late.release.set()

    answers = at_once([lambda: call("get", ORDERS), second])
    refreshes = sum("refresh" in line for line in lines(wire[begun:]))
    good = sum(each == (200, None) for each in answers)
    means = (
        "The second thread refreshed while the first was still waiting for its 401. Compare with the header that *this* "
        "request presented: response.request.headers. The session's header is the new one by then."
    )
    if STUCK in answers:
        means = LOCKED
    elif not late.held.is_set():
        means = TOO_EARLY
    elif refreshes == 0:
        means = "Nobody refreshed, and the access token has expired."
    elif refreshes == 1:
        means = "The token of the session was new already: send the request again with that."
    expect(
        f"{refreshes} POST {REFRESH}, and {good} of 2 answers 200",
        f"1 POST {REFRESH}, and 2 of 2 answers 200",
        sent=f"GET {ORDERS} from two threads with the same expired token; the 401 of one arrives after the other has refreshed",
        means=means,
        see="04, section 7",
    )


def meaning_of_threads(done, answers, refreshes, side_by_side):
    """What went wrong among the threads."""
    others = "The first thread that is rejected refreshes; the others wait for it and present what it got."
    refused = next((each for each in answers if each != (200, None)), None)
    if done and "refresh" in done[0]:
        return TOO_EARLY
    if side_by_side > 1:
        return f"No thread waited: the refreshes ran side by side. {others}"
    if refreshes > 1:
        return (
            "The threads took turns, and each of them refreshed. A thread whose turn it is has to look first: has the "
            "token changed since mine was rejected? Then there is nothing left to do."
        )
    if refused == STUCK:
        return LOCKED
    if refreshes and refused == (401, EXPIRED):
        return f"A thread sent its request again with the old token, before the refresh was over. {others}"
    if refreshes and refused:
        told = f"{refused[0]} ({refused[1]})" if isinstance(refused, tuple) else refused
        return f"One of the threads got {told}. After the refresh, every thread sends its own request again."
    return others


def at_once(calls, patience=PATIENCE):
    """What the calls came to, each in a thread of its own. One that is stuck does not hold the check."""
    if len(calls) > 1:
        needs("threads")
    results = [meanwhile(call) for call in calls]
    wait(results, patience)
    return [result.result() if result.done() else STUCK for result in results]


def passing_by(monkeypatch, look):
    """From now on `look(request, send)` sends each request, and gives its response."""
    send = HTTPAdapter.send

    def seen(adapter, request, *args, **options):
        return look(request, lambda: send(adapter, request, *args, **options))

    monkeypatch.setattr(HTTPAdapter, "send", seen)


def rejects(response):
    """Whether this is a 401 about an access token."""
    return not is_refresh(response.request) and answer(response) == (401, EXPIRED)


class Together:
    """Every thread gets its first refusal at the same moment: the hardest case, in every run.

    `most` is how many refreshes were under way at the same time.
    """

    def __init__(self, monkeypatch):
        self.lock, self.all_refused = threading.Lock(), threading.Event()
        self.refused = self.under_way = self.most = 0
        passing_by(monkeypatch, self.look)

    def look(self, request, send):
        refresh = is_refresh(request)
        self.note(refresh)
        response = send()
        self.note(-refresh)
        if rejects(response):
            self.wait_for_the_others()
        return response

    def note(self, change):
        with self.lock:
            self.under_way += change
            self.most = max(self.most, self.under_way)

    def wait_for_the_others(self):
        with self.lock:
            self.refused += 1
            if self.refused == THREADS:
                self.all_refused.set()
        if not self.all_refused.wait(2):  # seconds
            self.all_refused.set()  # a session that lets one request through at a time: the others need not wait


class Late:
    """The first refusal reaches its thread only when `release` is set. `held` is set while it waits."""

    def __init__(self, monkeypatch):
        self.held, self.release = threading.Event(), threading.Event()
        self.first = threading.Lock()
        passing_by(monkeypatch, self.look)

    def look(self, request, send):
        response = send()
        if rejects(response) and self.first.acquire(blocking=False):
            self.held.set()
            self.release.wait(2)  # seconds; a session that lets one request through at a time never sets it
        return response


# What the checks use.


def called(call, wire, *request, **options):
    """What a call came to, and a line for each request it sent."""
    begun = len(wire)
    return call(*request, **options), lines(wire[begun:])


def outcome(call):
    """What a call came to, in words when it raised."""
    try:
        return call()
    except Exception as error:
        if not_written(error):
            raise
        return f"{type(error).__name__}: {error}"


def raised_by(call):
    """All that a terminal would show of the error of a call, its causes included; nothing when there is none."""
    try:
        call()
    except (Exception, NoEnd) as error:
        if not_written(error):
            raise
        return "".join(traceback.format_exception(error))
    return ""


def lines(answers):
    return [f"{each.request.method} {path_of(each.request)} {in_words(answer(each))}" for each in answers]


def path_of(request):
    """The path and its query; a refresh without the query, which one check of its own looks at."""
    return REFRESH if is_refresh(request) else request.path_url


def is_refresh(request):
    return request.path_url.partition("?")[0] == REFRESH


def in_words(outcome):
    status, why = outcome
    return f"{status} ({why})" if status >= 400 and why else str(status)


def listed(*done):
    """Requests in order, as one line."""
    every = [line for part in done for line in ([part] if isinstance(part, str) else part)]
    return (
        ", then ".join(every[:4]) + (f", and so on ({len(every)} requests)" if every[4:] else "") or "nothing"
    )


def meaning(done, wire):
    """What went wrong when an expired token should have been replaced, from what was sent."""
    refreshes = [line for line in done if line.startswith(f"POST {REFRESH}")]
    if not done:
        return NOTHING
    if any(WRONG_TYPE in line for line in done):
        return BODY_ONLY
    if done[0] in refreshes:
        return TOO_EARLY
    if len(done) > MOST // 2:
        return ENDLESS
    if not refreshes and done[-1].endswith(" 200"):
        return "No refresh was seen. Send it with `requests`: the checks see what no other library sends."
    if not refreshes:
        return (
            f"The access token has expired. POST {REFRESH} gives a new one, without the password. The request that got the 401 has "
            "changed nothing, whatever its method is: it is safe to send it again."
        )
    if len(refreshes) > 1:
        return "One expiry needs one refresh."
    if not refreshes[0].endswith(" 200"):
        return 'The refresh failed: send the refresh token as JSON, {"refresh": ...}.'
    if done[-1] == refreshes[0]:
        return "The new token is there, but the request was not sent again: its caller got nothing for it."
    if len(done) > len(RENEWED):
        return f"The request was sent more often than needed: {ONCE}"
    if presented(wire[-1]) == presented(wire[-len(done)]):
        return (
            "The second try presented the old token again: the header has to change, too. A prepared request "
            "keeps the header it was made with."
        )
    return f"Rejected once, refreshed once, sent again once: {ONCE}"


def presented(response):
    """The token a request presented, or nothing."""
    return (response.request.headers.get("Authorization") or "").partition(" ")[2]


def without_the_token(request):
    """The parts of a request that both tries have in common."""
    headers = {
        f"the header {name}": value for name, value in request.headers.items() if name != "Authorization"
    }
    return headers | {"the method": request.method, "the address": request.url, "the body": request.body}


def sent_refresh_token(request):
    """The refresh token in the body of a refresh, sent as JSON or as a form."""
    found = ENCODED_TOKEN.search(body_text(request))
    return found[0] if found else body_text(request)


def body_text(request):
    return as_text(request.body) if isinstance(request.body, bytes) else str(request.body)


def token_in(response, kind):
    return body_of(response).get(kind) if response.ok else None


def signature(token):
    return token.rpartition(".")[2]


def login(url, username):
    account = {"username": username, "password": "test"}
    return requests.post(f"{url}/api/token/", json=account, timeout=5).json()


def get(url, path, token):
    return requests.get(f"{url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=5)


def post_refresh(url, token):
    return requests.post(f"{url}{REFRESH}", json={"refresh": token}, timeout=5)


def number_of_products(url):
    return len(requests.get(f"{url}/products/", timeout=5).json())
