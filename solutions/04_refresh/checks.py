"""What step 04 asks: a session that refreshes once per expiry, sends the request again once, and knows when to stop."""

import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from itertools import count
from urllib.parse import quote

import pytest
import requests

from workshop.claims import expiry
from workshop.expect import answer, expect, reason
from workshop.learner.check_plugin import SERVERS, TREE
from workshop.servers.live_server import LiveServer

FILE = "client/session.py"
ORDERS, REFRESH = "/user-orders/", "/api/token/refresh/"
EXPIRED, INVALID, WRONG_TYPE = "Token is expired", "Token is invalid", "Token has wrong type"
MOST = 60  # requests in one check: a client that needs more will never end
THREADS = 10
STUCK = "no answer: it waits for ever"
PATIENCE = 15  # seconds for all threads: those of a right answer need one
RENEWED = [f"GET {ORDERS} 401 ({EXPIRED})", f"POST {REFRESH} 200", f"GET {ORDERS} 200"]
ONCE = "after a refresh, the request is sent once more, and the answer to it is the answer."
BODY_ONLY = "The refresh token was presented as Bearer. It goes to /api/token/refresh/ only, in the body."
NOTHING = "No request was sent. request() has to call super().request() with base_url and the path."
FOR_EVER = (
    "It would go on for ever. One refresh and one more try are enough: when the second try is refused too, "
    "that refusal is the answer."
)


class NoEnd(BaseException):
    """The client goes on and on. No `except Exception` of its own can swallow this."""


@pytest.fixture(autouse=True)
def end(monkeypatch, wire):
    """A client that would send requests for ever is stopped after MOST of them."""
    send, sent = requests.Session.send, count(1)

    def limited(session, request, **options):
        if next(sent) > MOST:
            raise NoEnd
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", limited)


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


@contextmanager
def same_shop(shop, **lifetimes):
    """One more process of the same shop, with the same database, whose tokens have other lifetimes."""
    database = quote((shop.folder / "db.sqlite3").as_posix())
    with LiveServer(TREE, environment={"DATABASE_URL": f"sqlite:///{database}"}, **lifetimes) as server:
        SERVERS.append(server)
        yield server


@pytest.fixture(scope="module")
def stillborn(shop):
    """The shop, where every token is dead when it arrives (exp is a whole second): no check has to wait."""
    with same_shop(shop, access=0.0001, refresh=0.0001) as server:
        yield server


@pytest.fixture(scope="module")
def dead(stillborn):
    """A real pair per person, both tokens expired."""
    pairs = {name: login(stillborn.url, name) for name in ("ada", "grace", "admin")}
    time.sleep(max(0, max(expiry(pair["access"]) for pair in pairs.values()) - time.time()))
    return pairs


@pytest.fixture
def open_session(learner, dead, url):
    """A session of the learner's: its access token has expired, its refresh token is good, unless said otherwise."""

    def opened(username="ada", base_url=url, **tokens):
        module = learner(FILE)
        pair = login(url, username) | {"access": dead[username]["access"]} | tokens
        return Caller(module, base_url, pair)

    return opened


class Caller:
    """A learner's session, asked by a check."""

    def __init__(self, module, base_url, pair):
        self.module = module
        try:
            self.session = module.ShopSession(base_url, pair)
        except TypeError as error:
            sent = "ShopSession(url, pair), with the keys access and refresh in the pair"
            expect(
                str(error),
                "a session",
                sent=sent,
                means="Keep the __init__ of the stub.",
                see="04, section 6",
            )

    def __call__(self, method, path, **options):
        """What came back: (status, reason); or in words what was raised."""
        try:
            return answer(getattr(self.session, method)(path, **options))
        except self.module.LoginAgain as error:
            return f"LoginAgain: {error}"
        except requests.RequestException as error:
            return f"{type(error).__name__}: {error}"
        except NoEnd:
            return f"no answer, only the next request, until it was stopped after {MOST}"


# Which refusal does a refresh mend?


def test_an_expired_access_token_is_told_apart(url, learner, dead):
    told(learner, get(url, ORDERS, dead["ada"]["access"]), True, "an access token after its expiry")


OTHER_ANSWERS = {
    "success": lambda url, good, dead: get(url, ORDERS, good["access"]),
    "no JSON": lambda url, good, dead: get(url, "/nowhere/", good["access"]),
    "forbidden": lambda url, good, dead: get(url, "/orders/", good["access"]),
    "no token": lambda url, good, dead: requests.get(f"{url}{ORDERS}", timeout=5),
    "wrong type": lambda url, good, dead: get(url, ORDERS, good["refresh"]),
    "invalid": lambda url, good, dead: get(url, ORDERS, edited(good["access"])),
    "dead refresh token": lambda url, good, dead: post_refresh(url, dead["refresh"]),
}


@pytest.mark.parametrize("name", OTHER_ANSWERS)
def test_what_no_refresh_mends_is_told_apart(url, learner, dead, name):
    response = OTHER_ANSWERS[name](url, login(url, "ada"), dead["ada"])
    told(learner, response, False, f"a request whose answer is: {name}")


def told(learner, response, wanted, sent):
    """Compare what is_expired() says of a real answer."""
    got = learner(FILE).is_expired(response)
    status, why = answer(response)
    means = f"The server answered {status}" + (f" with the reason {why!r}. " if why else ". ")
    if response.request.path_url == REFRESH:
        means += (
            "Here the *refresh* token is dead: the sentence stands in `detail`, and there are no messages."
        )
    elif wanted:
        means += "Its place is messages[0].message: this is the one refusal that a refresh mends."
    elif status == 401:
        means += "Not every 401 means expired: messages[].message tells which does."
    else:
        means += "Only a 401 can be about an expired token: look at the status first."
    expect(got, wanted, sent=f"{sent}, then the answer to is_expired()", means=means, see="04, section 5")


# A token that is good, and one that has expired.


def test_a_good_token_is_presented_and_nothing_is_refreshed(url, open_session, wire):
    call = open_session(**login(url, "ada"))
    done = [called(call, wire, "get", ORDERS)[1] for _ in range(3)]
    means = NOTHING if not any(done) else "Present the access token as it is, and give the answer back."
    if any("refresh" in line for one in done for line in one):
        means = (
            "The access token was good. A refresh before every call doubles the requests, and sends the refresh "
            "token around all day: wait until the server says that the access token has expired."
        )
    expect(
        listed(*done),
        listed([f"GET {ORDERS} 200"] * 3),
        sent="three times GET /user-orders/ with a good token",
        means=means,
        see="04, section 6",
    )


def test_an_expired_token_is_refreshed_and_the_request_sent_again(open_session, wire):
    got, done = called(open_session(), wire, "get", ORDERS)
    sent = "GET /user-orders/ with an expired access token and a good refresh token"
    expect(listed(done), listed(RENEWED), sent=sent, means=meaning(done, wire), see="04, section 6")
    means = "The call gives the answer to the second try."
    expect(got, (200, None), sent=sent, means=means, see="04, section 6")


def test_the_new_token_is_presented_from_then_on(open_session, wire):
    call = open_session()
    call("get", ORDERS)
    got, done = called(call, wire, "get", ORDERS)
    means = "The new access token was used once and then forgotten: keep it, the next call presents it."
    if got != (200, None):
        means = meaning(done, wire)
    sent = "GET /user-orders/ a second time, after a refresh"
    expect(listed(done), f"GET {ORDERS} 200", sent=sent, means=means, see="04, section 6")


def test_the_second_expiry_is_mended_as_the_first(shop, open_session, wire):
    with same_shop(shop, access=3, refresh=3600) as server:
        call = open_session(base_url=server.url)
        _, done = called(call, wire, "get", ORDERS)
        refreshed = [each for each in wire if each.request.path_url == REFRESH and each.ok]
        if refreshed:
            time.sleep(max(0, expiry(refreshed[-1].json()["access"]) - time.time()))
            _, done = called(call, wire, "get", ORDERS)
    means = meaning(done, wire)
    if refreshed and listed(done) == RENEWED[0]:
        means = "Once per expiry, not once per session: the new token has expired too, as every token does."
    sent = "GET /user-orders/ when the refreshed token had expired as well"
    expect(listed(done), listed(RENEWED), sent=sent, means=means, see="04, section 6")


def test_a_post_is_sent_again_once_with_its_body(url, open_session, wire):
    product = {"name": "Kettle", "description": "Boils water.", "price": "19.99", "stock": 3}
    call = open_session("admin")
    before = number_of_products(url)
    got, done = called(call, wire, "post", "/products/", json=product)
    made = number_of_products(url) - before
    sent = "POST /products/ as admin, with an expired access token"
    told = f"{got[0] if isinstance(got, tuple) else got}, and {made} new products"
    means = meaning(done, wire)
    if made > 1:
        means = f"The product was made {made} times: {ONCE}"
    elif done and done[-1].startswith("POST /products/ 400"):
        means = "The second try lost what the first one carried: send it with the same options, the body included."
    expect(told, "201, and 1 new products", sent=sent, means=means, see="04, section 6")


# Knowing when to stop.


REFUSALS = {
    "invalid": (lambda good: {"access": edited(good["access"])}, ORDERS, (401, INVALID)),
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
    refreshed = sum("refresh" in line for line in done)
    means = "Only an expired access token is mended by a refresh. Give every other refusal back."
    if refreshed:
        means = f"It was answered with a refresh. {means}"
    elif not done:
        means = NOTHING
    sent = f"GET {path}, which the server refuses: {name}"
    wanted_line = f"GET {path} {wanted[0]} ({wanted[1]})"
    expect(listed(done), wanted_line, sent=sent, means=means, see="04, section 5")
    expect(got, wanted, sent=sent, means=means, see="04, section 5")


def test_a_second_refusal_in_a_row_is_given_back(stillborn, open_session, wire):
    got, done = called(open_session(base_url=stillborn.url), wire, "get", ORDERS)
    sent = "GET /user-orders/ to a server whose new tokens are expired at once, as when its clock is wrong"
    means = FOR_EVER if len(done) > len(RENEWED) else meaning(done, wire)
    wanted = [*RENEWED[:2], RENEWED[0]]
    expect(listed(done), listed(wanted), sent=sent, means=means, see="04, section 6")
    means = "The second refusal is an answer like any other: give it back."
    expect(got, (401, EXPIRED), sent=sent, means=means, see="04, section 6")


def test_a_dead_refresh_token_asks_for_a_new_login(open_session, dead, wire):
    got, done = called(open_session(**dead["ada"]), wire, "get", ORDERS)
    asks_for_login(got, done, wire, EXPIRED, "GET /user-orders/ when both tokens had expired")


def test_a_deactivated_user_is_asked_for_a_new_login(shop, open_session, wire):
    call, refresh = open_session("grace"), login(shop.url, "grace")["refresh"]
    with deactivated(shop, "grace"):
        why = reason(post_refresh(shop.url, refresh))  # a later step's own refresh may say it in other words
        got, done = called(call, wire, "get", ORDERS)
    sent = "GET /user-orders/ with an expired access token of a deactivated user"
    asks_for_login(got, done, wire, why, sent)


def asks_for_login(got, done, wire, why, sent):
    means = (
        "No refresh will ever work again. Raise LoginAgain with the server's `detail`: a caller who gets this "
        "refusal as an answer would take it for one about the order list."
    )
    if not any("refresh" in line for line in done):
        means = meaning(done, wire)
    elif isinstance(got, str) and got.startswith("LoginAgain"):
        means = "The message of LoginAgain is `Log in again: ` and the server's own `detail`."
    expect(got, f"LoginAgain: Log in again: {why}", sent=sent, means=means, see="04, section 4")
    wanted = [f"GET {ORDERS} 401 ({EXPIRED})", f"POST {REFRESH} 401 ({why})"]
    means = "Ask once. A refresh token that was refused is refused the next time, too."
    if len(done) == 1:
        means = "Present the access token first: only the server's 401 says that it has expired."
    expect(listed(done), listed(wanted), sent=sent, means=means, see="04, section 4")


# Many threads, one session.


def test_ten_threads_share_one_refresh(open_session, wire, monkeypatch):
    call, begun = open_session(), len(wire)
    together = Together(monkeypatch)
    answers = at_once(lambda: call("get", ORDERS))
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


def meaning_of_threads(done, answers, refreshes, side_by_side):
    """What went wrong among the threads."""
    others = "The first thread that is refused refreshes; the others wait for it and present what it got."
    refused = next((each for each in answers if each != (200, None)), None)
    if done and "refresh" in done[0]:
        return "Present the access token first: only the server's 401 says that it has expired."
    if side_by_side > 1:
        return f"No thread waited: the refreshes ran side by side. {others}"
    if refreshes > 1:
        return (
            "The threads stood in line, and each refreshed in its turn. Whose turn it is, has to look first: "
            "has the token changed since mine was refused? Then there is nothing left to do."
        )
    if refused == STUCK:
        return "A thread waits for ever: the lock has to be let go, also after an error. `with` sees to both."
    if refreshes and refused:
        told = f"{refused[0]} ({refused[1]})" if isinstance(refused, tuple) else refused
        return f"One of the threads got {told}. After the refresh, every thread sends its own request again."
    return others


def at_once(call):
    """What the call came to in each of THREADS threads. One that is stuck does not hold the check."""
    answers, errors = [STUCK] * THREADS, []

    def one(place):
        try:
            answers[place] = call()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=one, args=(place,), daemon=True) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0, until - time.monotonic()))
    for error in errors[:1]:
        raise error
    return list(answers)


class Together:
    """Every thread gets its first refusal at the same moment: the hardest case, in every run.

    `most` is how many refreshes were under way at the same time.
    """

    def __init__(self, monkeypatch):
        self.lock, self.all_refused = threading.Lock(), threading.Event()
        self.refused = self.under_way = self.most = 0
        send = requests.Session.send

        def held(session, request, **options):
            refresh = request.path_url == REFRESH
            self.note(refresh)
            response = send(session, request, **options)
            self.note(-refresh)
            if response.status_code == 401 and not refresh:
                self.wait_for_the_others()
            return response

        monkeypatch.setattr(requests.Session, "send", held)

    def note(self, change):
        with self.lock:
            self.under_way += change
            self.most = max(self.most, self.under_way)

    def wait_for_the_others(self):
        with self.lock:
            self.refused += 1
            if self.refused == THREADS:
                self.all_refused.set()
        self.all_refused.wait(2)  # seconds; a session that lets one request through at a time never fills it


# What the checks use.


def called(call, wire, *request, **options):
    """What a call came to, and a line for each request it sent."""
    begun = len(wire)
    return call(*request, **options), lines(wire[begun:])


def lines(answers):
    return [f"{each.request.method} {each.request.path_url} {in_words(answer(each))}" for each in answers]


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
    """What went wrong when an expired token should have been mended, from what was sent."""
    refreshes = [line for line in done if line.startswith(f"POST {REFRESH}")]
    if not done:
        return NOTHING
    if any(WRONG_TYPE in line for line in done):
        return BODY_ONLY
    if done[0] in refreshes:
        return "Present the access token first: only the server's 401 says that it has expired."
    if len(done) > MOST // 2:
        return FOR_EVER
    if not refreshes:
        return f"The access token has expired: POST {REFRESH} gives a new one, without the password."
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
    return f"Refused once, refreshed once, sent again once: {ONCE}"


def presented(response):
    """The token a request presented, or nothing."""
    return (response.request.headers.get("Authorization") or "").partition(" ")[2]


def login(url, username):
    account = {"username": username, "password": "test"}
    return requests.post(f"{url}/api/token/", json=account, timeout=5).json()


def get(url, path, token):
    return requests.get(f"{url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=5)


def post_refresh(url, token):
    return requests.post(f"{url}{REFRESH}", json={"refresh": token}, timeout=5)


def edited(token):
    """The token with the first letter of its signature changed."""
    head, payload, signature = token.split(".")
    return ".".join([head, payload, ("A" if signature[0] != "A" else "B") + signature[1:]])


def number_of_products(url):
    return len(requests.get(f"{url}/products/", timeout=5).json())


@contextmanager
def deactivated(shop, username):
    """The account, switched off while the block runs. Over HTTP only an admin's browser can do this."""
    switch(shop, username, 0)
    try:
        yield
    finally:
        switch(shop, username, 1)


def switch(shop, username, active):
    with closing(sqlite3.connect(shop.folder / "db.sqlite3")) as database, database:
        database.execute("update api_user set is_active = ? where username = ?", (active, username))
