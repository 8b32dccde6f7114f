"""What step 07 asks: a refresh token that works once, a log-out, and a server that does not start without either."""

import re
import secrets
import time

import jwt
import pytest
import requests

from workshop.claims import claims_or_none
from workshop.errors import WorkshopError
from workshop.expect import answer, body_of, expect, expect_each, told
from workshop.servers.live_server import LiveServer
from workshop.servers.manage import SETTINGS_MODULE, manage

LOGIN, REFRESH, LOG_OUT = (f"POST /api/token/{name}" for name in ("", "refresh/", "blacklist/"))
BLACKLISTED = (401, "Token is blacklisted")
NO_SUCH_ADDRESS = "No address is the log-out yet: drf_course/urls.py names none."
SUCCESS_FOR_NOTHING = (
    "This log-out revoked nothing, and the response says that all went well. A token that is not accepted gets a refusal, "
    "for a log-out too: otherwise the client takes its session for ended. Where none was sent, RefreshToken(None) makes a new one."
)
AS_FOR_USERS = (
    "This server has DEBUG off, as the one that your users will meet. What revokes tokens must not depend on DEBUG: where the "
    "users are, there the thieves are."
)
NO_MISTAKE = (
    "The two mistakes are all that your check reports, each as an error with the id that is asked for. LEEWAY is not for it to "
    "judge."
)
NOT_THE_TABLE = (
    "The settings ask for a blacklist, and simplejwt found no table for it: it goes on without a word. "
    "Is the blacklist app in INSTALLED_APPS?"
)

ONE_LOGIN = (
    "One login is one refresh token. Revoke the token that was sent, and none of the user's others, "
    "neither older ones nor newer ones."
)
LOGGED_OUT = f"log-out accepted, refresh {told(BLACKLISTED)}"

# Settings laid over those of the tree, for one server. Without the app there is one whose name begins in the same way.
TRIAL = """
from {base} import *

BLACKLIST = "rest_framework_simplejwt.token_blacklist"
NAMED = ("ROTATE_REFRESH_TOKENS", "BLACKLIST_AFTER_ROTATION")
INSTALLED_APPS = [app for app in INSTALLED_APPS if "token_blacklist" not in app]
INSTALLED_APPS.append(BLACKLIST if {app} else f"{{BLACKLIST}}.management")
SIMPLE_JWT = {{name: value for name, value in SIMPLE_JWT.items() if name not in NAMED}} | {settings}
"""
RENAMED = "UPDATE api_user SET username = ? WHERE username = ?"
WITHOUT_A_ROW = "DELETE FROM token_blacklist_outstandingtoken WHERE jti = ?"
# What these tables say so many minutes later.
AGO = [
    "UPDATE token_blacklist_blacklistedtoken SET blacklisted_at = moment(-?)",
    "UPDATE token_blacklist_outstandingtoken SET created_at = moment(-?)",
]
AN_HOUR_EARLIER = "UPDATE token_blacklist_outstandingtoken SET created_at = moment(-60), expires_at = moment(1380) WHERE jti = ?"
# What flushexpiredtokens deletes so many minutes from now, without a process of its own.
FLUSH = [
    """DELETE FROM token_blacklist_blacklistedtoken
    WHERE token_id IN (SELECT id FROM token_blacklist_outstandingtoken WHERE expires_at <= moment(?))""",
    "DELETE FROM token_blacklist_outstandingtoken WHERE expires_at <= moment(?)",
]
# Issued two hours ago for 28 hours, when the lifetime was longer than a day: what the app knows of such a token.
LONGER = {
    "one of a longer lifetime, logged out": "UPDATE token_blacklist_outstandingtoken SET expires_at = moment(1560) WHERE jti = ?",
    "one of a longer lifetime from before the app was installed, logged out": WITHOUT_A_ROW,
}
LIFETIMES = {"access": 5, "refresh": 1440}  # in minutes
KEY = secrets.token_urlsafe(64)
# With plain HTTP and the keys of the tree, as in a class.
ON_THE_INTERNET = {"DJANGO_DEBUG": "0", "TOKEN_LAB": "1"}


@pytest.fixture(scope="module")
def running(lasting):
    """These checks are not about expiry."""
    return lasting


@pytest.fixture
def start(running, tmp_path):
    """Start a server of the tree with other settings: `start(app=False, settings={})`. Gives how that came out."""

    def started(*, app, settings):
        server = LiveServer(running.tree, environment=trial(tmp_path, app=app, settings=settings))
        try:
            with server:
                return f"it started{', with a warning' * bool(ids_in(server.log))}"
        except WorkshopError:
            return f"refused: {', '.join(ids_in(server.log)) or server.log[-1]}"

    return started


def test_a_refresh_also_gives_a_new_refresh_token(url):
    first = login(url)
    second = body_of(refresh(url, first))
    third = body_of(refresh(url, second))
    ids = {claims(body, "refresh").get("jti") for body in (first, second, third)} - {None}
    expect(
        f"{len(ids)} different refresh tokens",
        "3 different refresh tokens",
        sent=f"{LOGIN}, then {REFRESH} twice, each time with the newest refresh token",
        means="With ROTATE_REFRESH_TOKENS each refresh replaces the refresh token. It is off unless you turn it on.",
        see="07, section 1",
    )


def test_a_used_refresh_token_is_refused(url):
    first = login(url)
    second = body_of(refresh(url, first))
    replay = refresh(url, first)
    if "refresh" not in second:
        means = "The first refresh replaced nothing, so there is nothing yet that could be used up: begin with rotation."
    elif replay.ok and not log_out(url, body_of(replay)).ok:
        means = NO_SUCH_ADDRESS
    elif replay.ok and refresh(url, logged_out(url)).ok:
        means = NOT_THE_TABLE
    else:
        means = "Rotation hands out a new token and leaves the old one valid. Only BLACKLIST_AFTER_ROTATION revokes it."
    sent = f"{LOGIN}, then {REFRESH} twice with the same refresh token"
    expect(answer(replay), BLACKLISTED, sent=sent, means=means, see="07, section 2")


def test_log_out_ends_the_refresh_token(url, running):
    graces = cookies_of(url, "grace")
    headers = {
        "an access token that is not valid": {"Authorization": f"Bearer {forged(login(url), 'access')}"},
        "the access token of somebody else": {"Authorization": f"Bearer {login(url, 'grace').get('access')}"},
        "the password of a proxy": {"Authorization": "Basic cHJveHk6cGFzc3dvcmQ="},
        "the session cookie of somebody else": {"Cookie": graces},
    }
    got = {what: ended(url, login(url), **header) for what, header in headers.items()}
    if all(outcome.startswith("log-out 404") for outcome in got.values()):
        means = NO_SUCH_ADDRESS
    elif all(outcome.startswith("log-out accepted") for outcome in got.values()):
        means = (
            "The log-out was answered with success, and it revoked nothing: a copy of the token still works. "
            "The server has to write the token into its blacklist."
        )
    else:
        means = (
            "A client logs out with its refresh token alone: by then its access token has often expired, and many clients send "
            "it along, as a browser does with a session cookie. simplejwt's own view asks for nothing else, and does not look at "
            "the header or the cookie, whatever is in it: its authentication_classes are empty."
        )
    sent = (
        f"{LOG_OUT} with a refresh token and with what else a client may send along, then {REFRESH} with it"
    )
    expect_each(got, dict.fromkeys(got, LOGGED_OUT), sent=sent, means=means, see="07, section 3")
    got = told(answer(requests.get(f"{url}/user-orders/", headers={"Cookie": graces}, timeout=5)))
    sent = f"{LOG_OUT} with ada's refresh token and the session cookie of grace, then GET /user-orders/ with that cookie"
    means = (
        "A log-out ends what was sent in its body. The session is another login, here even somebody else's."
    )
    expect(got, "200", sent=sent, means=means, see="07, section 3")
    pair = login(url)
    running.sql(WITHOUT_A_ROW, claims(pair, "refresh").get("jti"))
    sent = f"{LOG_OUT} with a refresh token from before the app was installed, then {REFRESH} with it"
    means = (
        "The table of outstanding tokens has no row of a token that was issued before the app was installed. A log-out adds "
        "it: token.blacklist() does."
    )
    expect(ended(url, pair), LOGGED_OUT, sent=sent, means=means, see="07, section 3")
    page = requests.get(url, timeout=5).text
    got = "a log-out" if "/api/token/blacklist/" in page else "no log-out"
    sent = "GET /, the Token Lab, which asks for each address by its name"
    means = "The address is not named token_blacklist, or has a namespace: whoever asks for it by its name finds nothing."
    expect(got, "a log-out", sent=sent, means=means, see="07, section 3")


def test_log_out_ends_this_login_only(url):
    phone, laptop, tablet = login(url), login(url), login(url)
    done = log_out(url, laptop)
    phones, tablets = (told(answer(refresh(url, pair))) for pair in (phone, tablet))
    got = f"log-out {accepted(done)}, the phone's refresh {phones}, the tablet's refresh {tablets}"
    means = NO_SUCH_ADDRESS if done.status_code == 404 else ONE_LOGIN
    sent = (
        f"{LOGIN} as ada, from a phone, a laptop and a tablet, then {LOG_OUT} with the laptop's refresh token"
    )
    wanted = "log-out accepted, the phone's refresh 200, the tablet's refresh 200"
    expect(got, wanted, sent=sent, means=means, see="07, section 3")


def test_only_a_genuine_refresh_token_logs_out(url):
    gone, pair = logged_out(url), login(url)
    bodies = {
        "its access token": {"refresh": pair.get("access")},
        "its refresh token signed by somebody else": {"refresh": forged(pair, "refresh")},
        "the token of an earlier log-out": {"refresh": gone.get("refresh")},
        "no token": {},
        "null for a token": {"refresh": None},
    }
    got = {name: rejected(post(url, "blacklist/", body)) for name, body in bodies.items()}
    got["then, a refresh"] = told(answer(refresh(url, pair)))
    if "404" in got["no token"]:
        means = NO_SUCH_ADDRESS
    elif [name for name in bodies if got[name] != "rejected"] == ["its access token"]:
        means = (
            "An access token was taken for a refresh token. Ask for the type as well: RefreshToken(text) does, and "
            "UntypedToken(text) accepts any."
        )
    elif got["then, a refresh"] == "200":
        means = SUCCESS_FOR_NOTHING
    else:
        means = (
            "A token's id is in every log, and anybody can write it into a token. Verify the signature and the type "
            "before you revoke: RefreshToken(text) does both."
        )
    wanted = dict.fromkeys(bodies, "rejected") | {"then, a refresh": "200"}
    expect(
        got,
        wanted,
        sent=f"{LOGIN}, then {LOG_OUT} with {', '.join(bodies)}",
        means=means,
        see="07, section 3",
    )


def test_a_revoked_token_stays_revoked(serve):
    server = started_on_the_internet(serve)
    url = server.url
    used = login(url)
    out = body_of(refresh(url, used))
    both = {"the used token": used, "the one logged out": out}
    log_out(url, out)
    got = {what: told(answer(refresh(url, pair))) for what, pair in both.items()}
    wanted = dict.fromkeys(got, told(BLACKLISTED))
    means = f"{AS_FOR_USERS} If the other checks on refresh and log-out fail as well, begin with them."
    sent = f"{LOGIN}, {REFRESH}, {LOG_OUT} to a server with DJANGO_DEBUG=0, and {REFRESH} with each of the two refresh tokens"
    expect_each(got, wanted, sent=sent, means=means, see="07, section 3")
    got = {kind: lifetime(used, kind) for kind in LIFETIMES}
    means = (
        "An access token is looked up in no blacklist, so its lifetime is how long a log-out takes. And a stolen refresh token that "
        "nobody uses is revoked by nobody. Rotation is no reason for longer lifetimes."
    )
    sent = f"{LOGIN}, and subtracted iat from exp, in minutes"
    expect_each(got, LIFETIMES, sent=sent, means=means, see="07, section 3")
    phone = login(url)
    server.sql(AN_HOUR_EARLIER, claims(phone, "refresh").get("jti"))
    log_out(url, login(url))
    sent = f"{LOGIN} as ada, and an hour later {LOGIN} and {LOG_OUT} on another device, then {REFRESH} with the first token"
    expect(told(answer(refresh(url, phone))), "200", sent=sent, means=ONE_LOGIN, see="07, section 3")
    older = {what: {"refresh": longer(login(url))} for what in LONGER}
    for what, statement in LONGER.items():
        server.sql(statement, claims(older[what], "refresh").get("jti"))
        log_out(url, older[what])
    got = {}
    for pairs, minutes in ((both, 1380), (older, 1500)):  # an hour before their exp
        for statement in AGO + FLUSH:
            server.sql(statement, minutes)
        log_out(url, body_of(refresh(url, login(url))))
        got |= {what: told(answer(refresh(url, pair))) for what, pair in pairs.items()}
    means = (
        "The row in the blacklist is all that the server knows of it. Delete no row before its token has expired: "
        "flushexpiredtokens does that, and goes by the row's expires_at, which has to be the token's exp, whatever lifetime a "
        "token gets today. A log-out revokes the one token that was sent."
    )
    sent = (
        f"a used refresh token and others that were logged out to {REFRESH}, each an hour before its exp, after "
        "flushexpiredtokens, and after the same user had logged in, refreshed and logged out once more"
    )
    expect_each(got, dict.fromkeys(got, told(BLACKLISTED)), sent=sent, means=means, see="07, section 6")


def test_the_new_tokens_still_carry_the_name(url, running):
    pair = login(url, "grace")
    running.sql(RENAMED, "rose", "grace")
    body = body_of(refresh(url, pair))
    running.sql(RENAMED, "grace", "rose")
    got = {kind: claims(body, kind).get("username", "no name") for kind in ("access", "refresh")}
    if "refresh" not in body:
        means = "The refresh gave no new refresh token yet: begin with rotation."
    else:
        means = (
            "simplejwt's login writes no name, and its refresh copies the one it finds. urls.py must go on naming the views of "
            "step 06, for the login and for the refresh."
        )
    sent = f"{LOGIN} as grace, who then was renamed to rose, then {REFRESH}, and decoded both new tokens"
    expect(got, {"access": "rose", "refresh": "rose"}, sent=sent, means=means, see="06, section 4")


def test_the_server_still_refuses_every_attack(attacks):
    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see="07, section 3")


def test_a_server_that_rotates_and_revokes_nothing_does_not_start(start):
    got = start(app=True, settings={"ROTATE_REFRESH_TOKENS": True})
    expect(
        got,
        "refused: drf_course.E002",
        sent="runserver, with the blacklist app, ROTATE_REFRESH_TOKENS on, and no BLACKLIST_AFTER_ROTATION",
        means=why(got),
        see="07, section 4",
    )


def test_a_server_without_the_blacklist_app_does_not_start(start):
    got = start(app=False, settings={"BLACKLIST_AFTER_ROTATION": True})
    if got == "it started":
        means = (
            "Log-out needs the app, with rotation or without: else it answers 200 and revokes nothing. simplejwt looks for the "
            "plain name of the app, and another that begins in the same way does not help."
        )
    elif got == "refused: drf_course.E001, drf_course.E002":
        means = (
            "Without rotation no refresh spends a token, so none is left valid that should not be: drf_course.E002 is about "
            "rotation without the blacklist, and not about the other way round."
        )
    else:
        means = why(got)
    expect(
        got,
        "refused: drf_course.E001",
        sent="runserver, without the blacklist app, BLACKLIST_AFTER_ROTATION on, and no ROTATE_REFRESH_TOKENS",
        means=means,
        see="07, section 4",
    )
    got = start(app=False, settings={"BLACKLIST_AFTER_ROTATION": True, "ROTATE_REFRESH_TOKENS": True})
    means = "drf_course.E001 says already that the app is missing. drf_course.E002 is about the setting, and that is as it has to be."
    if got != "refused: drf_course.E001, drf_course.E002":
        means = why(got)
    expect(
        got,
        "refused: drf_course.E001",
        sent="runserver, without the blacklist app, and with both settings on",
        means=means,
        see="07, section 4",
    )


def test_manage_py_check_reports_both_mistakes(running, tmp_path):
    settings = {"ROTATE_REFRESH_TOKENS": "False", "BLACKLIST_AFTER_ROTATION": ""}
    variables = trial(tmp_path, app=False, settings=settings) | ON_THE_INTERNET
    got = "nothing"
    try:
        manage(running.tree, ["check"], running.folder / "db.sqlite3", **variables)
    except WorkshopError as error:
        got = ", ".join(ids_in([str(error)])) or str(error)
    if got == "nothing":
        means = (
            "Your check runs only while DEBUG is on, or for runserver and not for manage.py check. A gunicorn server has DEBUG "
            "off, and manage.py check alone guards it."
        )
    else:
        means = (
            "Both mistakes were made, so both are reported: one error does not hide the other. A value counts as simplejwt "
            'takes it, so every text but the empty one is on, "False" too, and "" is off like a setting that is missing.'
        )
    expect(
        got,
        "drf_course.E001, drf_course.E002",
        sent=(
            "manage.py check with DJANGO_DEBUG=0, without the blacklist app, with ROTATE_REFRESH_TOKENS set to the text False and "
            "BLACKLIST_AFTER_ROTATION to the empty text, as from variables of the environment"
        ),
        means=means,
        see="07, section 4",
    )


def started_on_the_internet(serve):
    """A server with DEBUG off, and a setting that is none of the two mistakes."""
    try:
        return serve(environment=ON_THE_INTERNET, simple_jwt={"LEEWAY": 60, "SIGNING_KEY": KEY})
    except WorkshopError as error:
        sent = (
            "the start of a server with DJANGO_DEBUG=0, the settings of the tree and a LEEWAY of 60 seconds"
        )
        got = " ".join(str(error).split())
        means = NO_MISTAKE if re.search(r"\(drf_course\.(?!E00[12])", got) else AS_FOR_USERS
        return expect(got, "it listens", sent=sent, means=means, see="07, section 4")


def trial(folder, *, app, settings):
    """Write the settings into a module of that folder. Gives the environment variables that make Django read it."""
    (folder / "trial.py").write_text(
        TRIAL.format(base=SETTINGS_MODULE, app=int(app), settings=settings), encoding="utf-8"
    )
    return {"DJANGO_SETTINGS_MODULE": "trial", "PYTHONPATH": str(folder)}


def login(url, name="ada"):
    return body_of(post(url, "", {"username": name, "password": "test"}))


def logged_out(url):
    """A pair whose refresh token was sent to the log-out."""
    pair = login(url)
    log_out(url, pair)
    return pair


def ended(url, pair, **headers):
    """How a log-out came out, and then a refresh with the same token."""
    done = log_out(url, pair, **headers)
    return f"log-out {accepted(done)}, refresh {told(answer(refresh(url, pair)))}"


def refresh(url, body):
    return post(url, "refresh/", {"refresh": body.get("refresh")})


def log_out(url, body, **headers):
    return post(url, "blacklist/", {"refresh": body.get("refresh")}, **headers)


def post(url, name, body, **headers):
    return requests.post(f"{url}/api/token/{name}", json=body, headers=headers, timeout=5)


def cookies_of(url, name):
    """What a browser sends along that this user has logged in with, on the page that Django has for it."""
    browser, page = requests.Session(), f"{url}/api-auth/login/"
    browser.get(page, timeout=5)
    form = {"username": name, "password": "test", "csrfmiddlewaretoken": browser.cookies.get("csrftoken")}
    browser.post(page, data=form, allow_redirects=False, timeout=5)
    got = sorted(browser.cookies.keys())
    sent = f"GET and POST {page.removeprefix(url)} as {name}, and looked at the cookies"
    means = "A user logs in there with a session. Every other address keeps its view."
    expect(got, ["csrftoken", "sessionid"], sent=sent, means=means, see="07, section 3")
    return "; ".join(f"{cookie}={value}" for cookie, value in browser.cookies.items())


def longer(pair):
    """The refresh token of that login, as it would be if the lifetime had been 28 hours two hours ago."""
    now = int(time.time())
    found = claims(pair, "refresh")
    return (
        jwt.encode(found | {"iat": now - 7200, "exp": now + 93_600}, KEY, algorithm="HS256")
        if found
        else None
    )


def lifetime(pair, kind):
    """The minutes that a token of that login was issued for: iat may be a second late."""
    found = claims(pair, kind)
    return round((found["exp"] - found["iat"]) / 60) if {"exp", "iat"} <= found.keys() else None


def forged(pair, kind):
    """That token with the same claims, signed with a key that the server does not have."""
    return jwt.encode(claims(pair, kind), "x" * 64, algorithm="HS256")


def accepted(response):
    """`accepted`, whatever the status of the success is; a refusal as it came."""
    return "accepted" if response.ok else told(answer(response))


def rejected(response):
    """`rejected`, whatever the status of the refusal is; anything else as it came."""
    return "rejected" if response.status_code in (400, 401, 403) else told(answer(response))


def claims(body, kind):
    """What that token of a response says; nothing when there is no such token."""
    return claims_or_none(body.get(kind))


def ids_in(log):
    """The ids of the errors and warnings of system checks that a server printed."""
    return sorted(set(re.findall(r"\(([\w.]+\.[CEW]\d{3})\)", "\n".join(list(log)))))


def why(got):
    """What it means that the server started, or refused for another reason."""
    if got == "it started, with a warning":
        return "A warning scrolls by, and the server serves. Only an Error stops it."
    if "Error: " in got:
        return "A setting that is not named has simplejwt's default, and SIMPLE_JWT does not know it: read api_settings."
    if got == "it started":
        return (
            "Your check found nothing, or nothing ran it. Does ready() in api/apps.py import it, is it registered, "
            "does it run without --deploy, does it read the settings in force, from api_settings, and is no error silenced?"
        )
    return (
        "Each of the two mistakes has an error with an id of its own, and is reported only where it is made."
    )
