"""What step 03 asks: change two lifetimes, watch a token die, and say by whose clock it does."""

import functools
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
import pytest
import requests

from workshop.claims import expiry, parts
from workshop.expect import answer, expect

FILE = "client/lifetime.py"
ACCESS, REFRESH = 3, 8  # seconds, as the step asks
LIFETIMES = "ACCESS_TOKEN_LIFETIME", "REFRESH_TOKEN_LIFETIME"
KEY = "known-to-this-check-only-" * 3
ISSUED = 4_000_000_000  # far from today: every check of a pure function brings its own clock
CLOCKS_BACK = 4_002_847_200  # 4 November 2096, 2:00 in New York, which then becomes 1:00


@pytest.fixture(scope="module", autouse=True)
def in_utc():
    """The learner's code runs in UTC, wherever the learner lives.

    TZ is there until the last check has run: a server that starts meanwhile copies this process's variables.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        reread_timezone()
        yield patch
    reread_timezone()


@pytest.fixture
def timezone(in_utc):
    """`timezone("KST-9")` moves the learner's code to Seoul."""

    def move(name):
        in_utc.setenv("TZ", name)
        reread_timezone()

    yield move
    move("UTC")


def test_an_access_token_lives_three_seconds(running):
    expect_lifetime(running, "access", ACCESS)


def test_a_refresh_token_lives_eight_seconds(running):
    expect_lifetime(running, "refresh", REFRESH)


def test_a_token_is_good_until_its_expiry_and_editing_that_does_not_help(url):
    expect_short(login(url))
    life = observed(url)
    means = "A fresh access token must be accepted. Change the two lifetimes and leave the other settings as they were."
    expect(
        life["before"],
        (200, None),
        sent="an access token before its expiry",
        means=means,
        see="03, section 2",
    )
    means = "The signature was made for the old expiry. A server that accepts this one does not look at it."
    invalid = (401, "Token is invalid")
    expect(
        life["edited"],
        invalid,
        sent="the same token with an hour added to exp",
        means=means,
        see="03, section 3",
    )
    means = (
        "The token is past its expiry and still accepted. LEEWAY lets every token live on after its expiry: "
        "it allows for clocks that differ by seconds, and is not there to be friendly. Take it out."
    )
    expired = (401, "Token is expired")
    expect(
        life["after"],
        expired,
        sent="the same token after its expiry",
        means=means,
        see="03, sections 2 and 5",
    )


def test_no_other_setting_has_changed(running):
    changed = ", ".join(sorted(settings_of(running)))
    means = (
        "Change the two lifetimes, and leave the other settings as they were. Each of them decides what a token may do: "
        "with ROTATE_REFRESH_TOKENS, for example, a stolen refresh token is replaced before it dies, again and again."
    )
    if "in production" in changed:
        means = "With DJANGO_DEBUG=0 other values hold. Set the two lifetimes for production as well: thieves are there, too."
    sent = "nothing: read SIMPLE_JWT, in development and with DJANGO_DEBUG=0, and noted what differs from the library's values"
    expect(changed, ", ".join(LIFETIMES), sent=sent, means=means, see="03, section 1")


def test_no_attack_gets_in(attacks):
    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see="03, section 5")


@pytest.mark.parametrize("left", [5, 0.25, ISSUED + 3, 0, -0.5, -60])
def test_the_seconds_left_count_down_to_the_expiry(learner, left):
    means = "A clock may show less than iat, even 0. It counts down to exp all the same." if left > 3 else ""
    if left <= 0:
        means = f"The token died {-left} s ago. Nothing is left of it, and less than nothing does not exist."
        if (
            learner(FILE).seconds_left(minted({"iat": 1, "exp": 4}), 64)
            == 0
            < learner(FILE).seconds_left(minted(), ISSUED + 64)
        ):
            means = f"{means} By the clock of this machine it has not died yet. Ask `now` alone: jwt.decode() asks that clock."
    elif left % 1 and learner(FILE).seconds_left(minted(), ISSUED + 3 - left) == int(left):
        means = f"{means} A part of a second counts, too: int() and a timedelta's .seconds cut it off, and .seconds the days."
    expect_left(learner, token=minted(), now=ISSUED + 3 - left, left=max(left, 0), means=means.strip())


def test_no_other_clock_is_asked(learner):
    means = "By the clock of this machine this token died long ago, and `now` says that it has 2 s left. Ask `now` alone: jwt.decode() asks the other clock."
    old = minted({"iat": 1, "exp": 4})
    expect_left(learner, token=old, now=2, left=2, means=means)
    alive = learner(FILE).is_alive(old, 2)
    expect(alive, True, sent="the same token to is_alive()", means=means, see="03, section 2")


def test_the_expiry_is_in_the_token_and_not_in_the_settings(learner):
    means = (
        "Another server issued this token, for 60 s. Its expiry is in the claim exp. "
        "The settings of your server say nothing about it."
    )
    module, mine = learner(FILE), minted()
    theirs = lengthened(mine, 57)
    expect_left(lambda _: module, token=mine, now=ISSUED + 1, left=2)
    got = module.seconds_left(theirs, ISSUED + 1)
    if got == 2 != learner(FILE).seconds_left(theirs, ISSUED + 1):
        means = f"Another token with the same signature was asked about before. {THIS_ONE}"
    expect_left(lambda _: module, token=theirs, now=ISSUED + 1, left=59, means=means)
    expect_left(lambda _: module, token=unsigned(), now=ISSUED + 1, left=2, means=UNSIGNED)
    got = or_missed(lambda: module.seconds_left(only_times(), ISSUED + 1))
    expect(got, 2, sent=f"{ONLY_TIMES} to seconds_left()", means=NO_OTHER_CLAIM, see="03, section 1")


ONLY_TIMES = "a token of another issuer, with no claims but iat and exp,"
NO_OTHER_CLAIM = "Only the times in a token matter here, its iat and its exp. Another claim, such as token_type, may be missing: do not look it up."
UNSIGNED = "Its third part is empty. A signature, or one that is missing, says nothing about times: only iat and exp count here."
THIS_ONE = "Read the claims of this token, in each call: nothing else tells its times."
ZONES = {
    "Seoul": ("KST-9", ISSUED),
    "New York, as the clocks go back": ("EST+5EDT,M3.2.0,M11.1.0", CLOCKS_BACK - 2),
}


def test_a_token_dies_on_its_expiry_and_not_after_it(learner):
    module = learner(FILE)

    def alive(now, name, wanted, means, token=None):
        got = module.is_alive(token or minted(), now)
        expect(got, wanted, sent=f"is_alive(token, {name})", means=means, see="03, section 2")

    means = "Its iat is past, and its exp is still to come. Only these two and `now` count, and no signature, key or other clock."
    alive(ISSUED + 1, "iat + 1", True, means)
    alive(ISSUED, "iat", True, "A token may be used in the second it was issued in.")
    alive(ISSUED + 2.999, "exp - 0.001", True, "It has a thousandth of a second left.")
    means = "exp is the first instant of death: on or after it, a token must not be accepted (RFC 7519)."
    alive(ISSUED + 3, "exp", False, means)
    alive(ISSUED + 4, "exp + 1", False, "It has been dead for a second.")
    means = (
        "A token of another server, for 60 s: how long it lives is in the token, and not in your settings."
    )
    alive(ISSUED + 59, "exp - 1", True, means, minted(expires=ISSUED + 60))
    means = f"It has an edited exp, and the signature of a token that was asked about before. {THIS_ONE}"
    alive(ISSUED + 59, "exp - 1", True, means, lengthened(minted(), 57))
    at_zero = minted({"iat": 0, "exp": 3})
    alive(0, "iat, which is 0", True, "A clock that shows 0 is a clock, too: ask no other.", at_zero)
    alive(ISSUED + 1, "iat + 1", True, UNSIGNED, unsigned())
    for kind, name in {
        "refresh": "a refresh token",
        "sliding": "a sliding token, of a kind that your server does not issue",
    }.items():
        means = f"It is {name}, within its times: is_alive() looks at no other claim than iat and exp."
        other = minted({"token_type": kind, "iat": ISSUED, "exp": ISSUED + 8})
        alive(ISSUED + 7, "exp - 1", True, means, other)
    got = or_missed(lambda: module.is_alive(only_times(), ISSUED + 1))
    expect(got, True, sent=f"{ONLY_TIMES} to is_alive()", means=NO_OTHER_CLAIM, see="03, section 2")


@pytest.mark.parametrize("place", ZONES)
def test_an_expiry_is_the_same_in_every_time_zone(learner, timezone, place):
    zone, issued = ZONES[place]
    timezone(zone)
    means = (
        "The clock on the wall shows another hour here. Seconds since 1970 are the same everywhere. A date without a time zone is "
        "not: do not turn exp into one, subtract the numbers."
    )
    token = minted({"iat": issued, "exp": issued + 3})
    expect_left(learner, token=token, now=issued + 1, left=2, means=means)
    alive = [learner(FILE).is_alive(token, issued + second) for second in (1, 4)]
    sent = f"a token to is_alive() in {place}, a second after its iat, and a second after its exp"
    expect(alive, [True, False], sent=sent, means=means, see="03, section 2")


@pytest.mark.parametrize("leeway", [2, 10, 0.5])
def test_leeway_lengthens_a_life_at_both_ends(learner, leeway):
    def alive(now, name, wanted, means):
        got = learner(FILE).is_alive(minted(), now, leeway=leeway)
        sent = f"is_alive(token, {name}, leeway={leeway})"
        expect(got, wanted, sent=sent, means=means, see="03, section 5")

    means = "Leeway is the verifier's allowance: it accepts a token that much longer. A safety margin would shorten it."
    alive(ISSUED + 3 + leeway - 0.2, f"exp + {leeway - 0.2:g}", True, means)
    means = "The leeway is used up, too. Fractions of a second count, in `now` and in `leeway`."
    if learner(FILE).is_alive(minted(), ISSUED + 86_400, leeway=leeway):
        means = "A day later it is still accepted. seconds_left() is never below 0, so compare `now` with exp itself."
    alive(ISSUED + 3 + leeway + 0.2, f"exp + {leeway + 0.2:g}", False, means)
    means = "The issuer's clock may be ahead of ours: leeway accepts a token that much before its iat, too."
    alive(ISSUED - leeway + 0.2, f"iat - {leeway - 0.2:g}", True, means)
    means = "The issuer's clock is ahead by more than the leeway: the token comes from the future."
    alive(ISSUED - leeway - 0.2, f"iat - {leeway + 0.2:g}", False, means)


def test_is_alive_agrees_with_a_real_server(serve, learner):
    keys = {
        "DJANGO_SECRET_KEY": KEY,
        "JWT_SIGNING_KEY": KEY,
    }  # a later step gives the tokens a key of their own
    server = serve(access=60, refresh=120, environment=keys)
    claims = parts(login(server.url)["access"])[1]
    good, early, late = (200, None), (401, "Token is invalid"), (401, "Token is expired")

    def agree(issued, expires, wanted, what):
        now = time.time()
        times = {"iat": int(now) + issued, "exp": int(now) + expires}
        expect_agreement(server, learner, minted(claims | times), now, wanted, what)

    agree(-5, 60, good, "a token that was issued 5 s ago")
    agree(30, 90, early, "a token that was issued by a clock 30 s ahead")
    agree(-60, -1, late, "a token that expired a second ago")


def expect_agreement(server, learner, token, now, wanted, what):
    """Compare the server's answer to a token with what the learner says of it at the same time."""
    got = answer(get(server.url, token))
    means = "This is what a server without LEEWAY says. Change the two lifetimes, and leave the other settings as they were."
    if wanted == (200, None) and got == (401, "Token is invalid"):
        means = "It was signed with the SECRET_KEY of this server. Leave SIGNING_KEY as it was: a key in a file of code is no secret."
    expect(got, wanted, sent=what, means=means, see="03, section 5")
    means = f"The server answered {got[0]}" + (f" ({got[1]})" if got[1] else "") + " at that moment. "
    if parts(token)[1]["iat"] > now:
        means += "A clock that is ahead issues tokens from the future: look at iat, too."
    alive = learner(FILE).is_alive(token, now)
    expect(alive, got == (200, None), sent=f"{what}, to is_alive()", means=means, see="03, section 5")


@pytest.mark.parametrize("seconds", [3, 1, 300])
def test_a_lifetime_of_n_seconds_lasts_a_second_less_at_worst(learner, seconds):
    got = learner(FILE).shortest_and_longest(seconds)
    means = (
        f"exp is a whole second: the fraction of the time of issue is cut off. Issued at .00, a token lives "
        f"{seconds} s; issued just before the next second, it lives a little longer than {seconds - 1} s."
    )
    if listed(got) == [seconds, seconds]:
        means = f"{seconds} s are not always {seconds} s. {means}"
    sent = f"a lifetime of {seconds} s to shortest_and_longest()"
    expect(listed(got), [seconds - 1, seconds], sent=sent, means=means, see="03, section 4")


def observed(url):
    """What the server says of one access token: before its expiry, with that edited, and after it."""
    token = login(url)["access"]
    said = {"before": answer(get(url, token)), "edited": answer(get(url, lengthened(token, 3600)))}
    time.sleep(max(expiry(token) - time.time(), 0))
    return said | {"after": answer(get(url, token))}


def lengthened(token, seconds):
    """The token with a later exp, and with the signature it had."""
    head, payload, signature = token.split(".")
    claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["exp"] += seconds
    edited = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return ".".join([head, edited, signature])


def minted(claims=None, *, expires=ISSUED + 3):
    """An access token with these claims, signed with a key of this check's own; by default with two times."""
    claims = {"token_type": "access"} | (claims or {"iat": ISSUED, "exp": expires})
    return jwt.encode(claims, KEY, algorithm="HS256")


def unsigned():
    """A token that lives 3 s, without its signature: the dot before it is still there."""
    return f"{minted().rpartition('.')[0]}."


def only_times():
    """A token that lives 3 s and does not say of which kind it is."""
    return jwt.encode({"iat": ISSUED, "exp": ISSUED + 3}, KEY, algorithm="HS256")


def or_missed(call):
    """What the call gives, or the name of a claim that it looked up and did not find."""
    try:
        return call()
    except KeyError as error:
        return f"KeyError: {error}"


def login(url):
    account = {"username": "ada", "password": "test"}
    response = requests.post(f"{url}/api/token/", json=account, timeout=5)
    means = "A server starts with a lifetime it cannot use, and fails when it issues the first token."
    expect(
        answer(response),
        (200, None),
        sent="ada's password to POST /api/token/",
        means=means,
        see="03, section 1",
    )
    return response.json()


def get(url, token):
    return requests.get(f"{url}/user-orders/", headers={"Authorization": f"Bearer {token}"}, timeout=5)


def lifetime(pair, kind):
    """The lifetime a token of a login was issued with, in seconds.

    simplejwt makes the refresh token first and counts both from its `iat`; the access token's may be a second later.
    """
    return expiry(pair[kind]) - parts(pair["refresh"])[1]["iat"]


# A fraction of a lifetime shows in a login only at times, and what only production has shows in none.
READ_SETTINGS = """
import importlib, json, os
from django.conf import settings
from rest_framework_simplejwt.settings import DEFAULTS
here = settings.SIMPLE_JWT
own = {name: getattr(here[name], "total_seconds", str)() for name in here if here[name] != DEFAULTS.get(name)}
os.environ.update(DJANGO_DEBUG="0", DJANGO_SECRET_KEY=settings.SECRET_KEY)
for module in ("environment", "simple_jwt"):
    there = importlib.reload(importlib.import_module(f"drf_course.{module}"))
there = there.SIMPLE_JWT
own |= {f"{name} in production": 0 for name in here | there if here.get(name) != there.get(name)}
print(json.dumps(own))
"""


@functools.cache
def settings_of(server):
    """The settings of this server that differ from the library's own, and those that differ in production; times in seconds."""
    return json.loads(server.shell(READ_SETTINGS))


def expect_lifetime(server, kind, wanted):
    pair, setting = login(server.url), f"{kind.upper()}_TOKEN_LIFETIME"
    got = lifetime(pair, kind)
    sent = f"a login, and counted the seconds from there to exp in the {kind} token"
    means = f"{setting} decides. Set it to {wanted} seconds, as a timedelta."
    if got == wanted * 86_400:
        means = f"These are days: timedelta({wanted}) has no unit. {setting} is to be {wanted} seconds, timedelta(seconds={wanted})."
    if got == wanted * 60:
        means = f"These are minutes. timedelta takes the unit as a name: {setting} is to be {wanted} seconds."
    if lifetime(pair, "refresh") < lifetime(pair, "access"):
        means = (
            "A refresh token is needed when the access token has died. One that dies first is never of use."
        )
    own = settings_of(server).get(setting)
    if isinstance(own, float) and own % 1:
        got, sent = own, f"a login, and read {setting} in the settings of its server"
        means = (
            "With a fraction, a token that is issued late in its second lives longer than one that is issued early. "
            f"Set {setting} to {wanted} seconds, and leave out the fraction."
        )
    expect(f"{got:g} s", f"{wanted} s", sent=sent, means=means, see="03, sections 1 and 4")


def expect_short(pair):
    """Only a token of the asked lifetime is waited for."""
    life = lifetime(pair, "access")
    expect(
        f"{ACCESS if life == ACCESS + 1 else life} s",  # a second more may be a fraction of the setting
        f"{ACCESS} s",
        sent="a login, to watch its access token die",
        means=f"Set ACCESS_TOKEN_LIFETIME to {ACCESS} seconds first: this check waits no longer.",
        see="03, section 1",
    )


def expect_left(learner, *, token, now, left, means=""):
    got = learner(FILE).seconds_left(token, now)
    number = isinstance(got, int | float)
    if number and abs(got - max(expiry(token) - time.time(), 0)) < 1 and abs(got - left) > 1:
        means = f"`now` is the clock here. Your code asked another one. {means}".strip()
    means = means or "Count from `now` to the claim exp. Both are seconds since 1970."
    sent = f"a token to seconds_left(), {abs(expiry(token) - now):g} s {'before' if now < expiry(token) else 'after'} its exp"
    expect(round(got, 3) if number else got, left, sent=sent, means=means, see="03, section 1")


def listed(pair):
    """A pair as a list, whatever sequence it came in; anything else as it is."""
    return list(pair) if isinstance(pair, tuple | list) else pair


def reread_timezone():
    """Windows has no tzset; there the zone stays as it is."""
    if hasattr(time, "tzset"):
        time.tzset()
