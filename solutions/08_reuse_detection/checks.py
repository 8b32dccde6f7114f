"""What step 08 asks: a stolen refresh token ends its family, and an honest client never notices."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote

import pytest
import requests

from workshop.claims import claims_or_none as claims
from workshop.errors import WorkshopError
from workshop.expect import answer, body_of, expect, expect_each
from workshop.servers.manage import SETTINGS_MODULE
from workshop.servers.needs import needs

LOGIN, REFRESH, LOG_OUT = "/api/token/", "/api/token/refresh/", "/api/token/blacklist/"
# Two grace periods, in seconds, so that no check depends on the speed of the machine: one that is over after a short
# wait, and one that no check outlasts.
SHORT, LONG = 0.5, 60
PARALLEL, ROUNDS = 20, 10

REUSED = (401, "Token was used before: its family is revoked")
JUST_USED = (401, "Token was just used")
TOO_OLD = (401, "Token family is too old")
NO_FAMILY = (401, "Token belongs to no family")
ENDED = (401, "Token family is revoked")
ONE_INSERT = (
    "All looked before the first could record anything. Asking whether a token is spent and recording it are two moments, and "
    "another request fits between them. Let one insert do both, before any token is made: the primary key decides who was "
    "first. A lock in Python does not help: it holds in one process, and a server has several."
)

# A lifetime that is no number of whole days, not the default, and shorter than a token's: the setting counts, to the minute.
EIGHT_HOURS = f"""
from datetime import timedelta
from {SETTINGS_MODULE} import *
TOKEN_FAMILY_LIFETIME = timedelta(hours=8)
SIMPLE_JWT = SIMPLE_JWT | {{"LEEWAY": 60, "REFRESH_TOKEN_LIFETIME": timedelta(days=1)}}
"""
A_FAMILY_GROWS_OLD = "UPDATE token_families_tokenfamily SET created_at = moment(?) WHERE id = ?"
RENAME = "UPDATE api_user SET username = ? WHERE username = ?"
EVERYBODY_LOGGED_IN = "UPDATE api_user SET last_login = moment(0)"

# A token that expired a moment ago is still accepted under LEEWAY, so its row must still be there.
SPENT_YESTERDAY = """
UPDATE token_families_spenttoken SET spent_at = moment(-1440), expires_at = moment(0) WHERE jti = ?
"""
A_THOUSAND_SINCE = """
INSERT INTO token_families_spenttoken (jti, family_id, spent_at, expires_at)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 1000)
SELECT n || '-' || jti, family_id, moment(-60), moment(60)
FROM numbers, token_families_spenttoken WHERE jti = ?
"""
A_HUNDRED_LOGINS = """
INSERT INTO token_families_tokenfamily (id, created_at, user_id)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 100)
SELECT printf('%032x', n), moment(0), user_id FROM numbers, token_families_tokenfamily WHERE id = ?
"""
# The table can be read and not written: once with an OperationalError, as of a full disk, and once with an IntegrityError.
READ_ONLY = "CREATE TRIGGER read_only BEFORE INSERT ON token_families_spenttoken BEGIN {}; END"
ERRORS = ["INSERT INTO nowhere VALUES (1)", "SELECT RAISE(ABORT, 'no new rows')"]
WRITABLE = "DROP TRIGGER read_only"
# The clock of this one command is moved on: nobody waits for an hour. And a token that expired five seconds ago.
CLEAN_UP = """
import time
from datetime import UTC, datetime
from unittest import mock
from django.core.management import call_command
from rest_framework_simplejwt.tokens import RefreshToken
with mock.patch("django.utils.timezone.now", return_value=datetime.fromtimestamp({at}, UTC)):
    call_command("flush_token_families")
late = RefreshToken({late!r}, verify=False)
late["exp"] = int(time.time()) - 5
late["iat"] = late["exp"] - 60
print(late)
"""


def lasting_server(serve_once, grace, **environment):
    """A server whose tokens outlive every check, with this grace period in seconds."""
    environment |= {"TOKEN_FAMILY_GRACE_SECONDS": str(grace)}
    return serve_once(access=300, refresh=3600, environment=environment)


@pytest.fixture(scope="module")
def running(serve_once):
    return lasting_server(serve_once, LONG)


@pytest.fixture(scope="module")
def database(running):
    """For one more process that serves the same database: a server for production has several."""
    return f"sqlite:///{quote((running.folder / 'db.sqlite3').as_posix())}"


@pytest.fixture
def workers(serve_once, running, database):
    """The addresses of two such processes."""
    needs("requests at once")
    return [running.url, lasting_server(serve_once, LONG, DATABASE_URL=database).url]


@pytest.fixture(scope="module")
def impatient(serve_once, database, tmp_path_factory):
    """Another one, with LEEWAY, whose grace period is soon over, and whose families live for eight hours."""
    folder = tmp_path_factory.mktemp("settings")
    (folder / "trial.py").write_text(EIGHT_HOURS, encoding="utf-8")
    variables = {"DJANGO_SETTINGS_MODULE": "trial", "PYTHONPATH": str(folder)}
    return lasting_server(serve_once, SHORT, DATABASE_URL=database, **variables)


@pytest.fixture
def strict(impatient):
    """Its address."""
    return impatient.url


def test_a_refresh_gives_the_next_token_of_the_same_family(url, strict, running):
    first = log_in(url)
    write(running, RENAME, "ada lovelace", "ada")
    second = refresh(strict, first)
    write(running, RENAME, "ada", "ada lovelace")
    old, new = claims(first), claims(token_of(second))
    got = {
        "family": "the same" if new and old.get("family") == new.get("family") else answer(second),
        "jti": "another" if new.get("jti") not in (None, old.get("jti")) else "not another",
        "exp": "later" if new.get("exp", 0) > old.get("exp", 0) else "not later",
        "username": claims(body_of(second).get("access")).get("username", "no claim username"),
    }
    if answer(second) == JUST_USED:
        means = "A first refresh was taken for a second one. Is spend() called twice? The given serializer calls it."
    elif got["family"] != "the same":
        means = "Families are found by the claim `family`: a successor carries its parent's."
    elif got["jti"] != "another":
        means = "A refresh spends the token that was sent. The next one needs an id of its own, or it is born spent."
    elif got["exp"] != "later":
        means = "Each refresh token gets a full lifetime, or everybody has to log in again when that of the login expires: set_exp()."
    else:
        means = (
            "drf_course/auth_serializers.py keeps its claims and gets new base classes: those of token_families. The claims are "
            "made anew at each refresh, from the user as the database has it then."
        )
    wanted = {"family": "the same", "jti": "another", "exp": "later", "username": "ada lovelace"}
    sent = (
        f"POST {LOGIN} as ada, where a refresh token lives for an hour, gave her another username, then sent this token to POST "
        f"{REFRESH} of another process, where it lives for eight, and decoded the new tokens"
    )
    expect_each(got, wanted, sent=sent, means=means, see=at(3))


def test_when_a_token_comes_back_thief_and_victim_are_out(strict, url):
    stolen = log_in(url)
    both = [claims(token).get("family") for token in (stolen, log_in(url))]
    if all(both):
        means = "Two logins share one family, so a log-out on the phone would end the laptop as well: each login begins its own."
        expect(
            "two" if both[0] != both[1] else "one",
            "two",
            sent="two logins of ada, and counted their families",
            means=means,
            see=at(3),
        )
    thiefs = token_of(refresh(url, stolen))
    wait_for_the_grace_period()
    sent = f"a stolen refresh token to POST {REFRESH}; after the grace period the victim sends the same token to another process"
    means = (
        "A token that comes back after the grace period was in two hands. Refuse it, and revoke its family."
    )
    reused = refresh(strict, stolen)
    if reused.ok:
        means += " Was it recorded, and did the second insert fail? save() updates a row that is there, and raises nothing."
    if answer(reused) == JUST_USED:
        means += " The grace period is a timedelta: compare it as a whole, for its attribute seconds has no fractions and no days."
    expect(answer(reused), REUSED, sent=sent, means=means, see=at(4))
    thiefs_next = refresh(url, thiefs)
    if thiefs_next.ok and answer(refresh(strict, token_of(thiefs_next))) == ENDED:
        means = (
            "The process that revoked the family refuses its tokens, and another one accepts them. What a process keeps in its "
            "memory or in a cache of its own, no other knows, and a restart forgets it. Keep it in the database: revoked_at."
        )
    else:
        means = (
            "The thief still refreshes with the successor: only the reused token was refused. If you did revoke the "
            "family, does check() read what revoke() wrote, and was it undone? An exception that leaves "
            "transaction.atomic() rolls back what happened inside. And a revocation counts at once: the grace period is for "
            "spent tokens, not for families."
        )
    expect(
        after_the_end(thiefs_next),
        ENDED,
        sent=f"{sent}; then the thief sends its newest token to the first process",
        means=means,
        see=at(4),
    )
    again = answer(refresh(strict, log_in(strict)))
    means = "The password still helps: a new login begins a new family."
    expect(again, (200, None), sent=f"{sent}; then logged in anew, and refreshed", means=means, see=at(4))


def test_a_reuse_many_refreshes_later_is_noticed(url, running):
    stolen = log_in(url)
    newest = stolen
    for _ in range(3):
        newest = token_of(refresh(url, newest))
    for statement in (SPENT_YESTERDAY, A_THOUSAND_SINCE):
        write(running, statement, claims(stolen).get("jti"))
    before, newest = newest, token_of(refresh(url, newest))
    expect(
        answer(refresh(url, before)),
        JUST_USED,
        sent=f"four refreshes in a row, of which the first was a day ago, then the last token but one again to POST {REFRESH}",
        means=(
            "The grace period of a token counts from its own first use, and this one was used a moment ago. When the family was "
            "used for the first time does not matter: two tabs may collide on any day."
        ),
        see=at(6),
    )
    sent = (
        "as a thief, the refresh token of a login, which its owner spent a day ago and which expires now, "
        f"to POST {REFRESH}, after a thousand refreshes of its family"
    )
    reused = refresh(url, stolen)
    if reused.ok:
        means = (
            "Every spent token of a family is remembered, not only the last ones. Delete no row in spend(), not even of a token that "
            "has expired: under LEEWAY it is accepted for some seconds more. flush_token_families deletes the rows, and knows that."
        )
    else:
        means = (
            "The grace period of a token counts from the moment when it was spent itself: a refresh of today does not excuse a "
            "token of yesterday. If you compare times, compare whole timedeltas: the attribute seconds leaves out the days."
        )
    expect(answer(reused), REUSED, sent=sent, means=means, see=at(4))
    expect(
        after_the_end(refresh(url, newest)),
        ENDED,
        sent=f"{sent}; then the owner the newest",
        means="Reuse of any of them ends the family, whether the thief was first or comes late.",
        see=at(4),
    )


def test_a_family_that_is_too_old_ends(strict, running):
    first = log_in(strict)
    grow_old(running, first, minutes=8 * 60 + 5 / 60)
    means = (
        "However often it refreshes, and however long a token lives, a family ends when it is as old as conf.lifetime() says: log in "
        "again. Its age counts from created_at, the login that began it: another login of the same user begins a family of its own. LEEWAY "
        "is for the exp of a token, and adds nothing to the family. Compare whole times: the attribute days leaves out the hours."
    )
    expect(
        answer(refresh(strict, first)),
        TOO_OLD,
        sent=(
            "a refresh to a server whose TOKEN_FAMILY_LIFETIME is 8 hours, whose refresh tokens live for a day and whose LEEWAY is "
            "60 seconds, in a family created 8 hours and 5 seconds ago, whose user has logged in elsewhere just now"
        ),
        means=means,
        see=at(8),
    )
    first = log_in(strict)
    grow_old(running, first, minutes=8 * 60 - 10)
    refreshed = refresh(strict, first)
    left = claims(token_of(refreshed)).get("exp", 0) - time.time()
    got = "10 minutes at most" if 0 < left <= 10 * 60 else f"{left:.0f} seconds"
    means = "Ten minutes before its end the family gives only tokens that die with it: end() says when."
    expect(
        got if refreshed.ok else answer(refreshed),
        "10 minutes at most",
        sent="a refresh to a server whose TOKEN_FAMILY_LIFETIME is 8 hours, in a family created 7 hours and 50 minutes ago",
        means=means,
        see=at(8),
    )


def test_a_reuse_after_the_clean_up_is_noticed(impatient, url):
    stolen = log_in(impatient.url)
    thiefs = token_of(refresh(url, stolen))  # where the settings of today give a token only one hour
    wait_for_the_grace_period()
    at_its_end = int(claims(stolen).get("exp") or 0) - 60
    late = impatient.shell(CLEAN_UP.format(at=at_its_end, late=log_in(impatient.url, "grace"))).split()[-1]
    sent = (
        f"a refresh token of eight hours to POST {REFRESH}, after the setting was shortened to one, ran flush_token_families as if "
        "the token had one minute left to live, and sent the token again"
    )
    means = (
        "The clean-up deletes the rows whose expires_at has passed. A spent token can be sent until it expires, so it "
        "must be remembered until then: expires_at is the token's own, whatever lifetime the settings give now."
    )
    expect(answer(refresh(impatient.url, stolen)), REUSED, sent=sent, means=means, see=at(8))
    expect(
        after_the_end(refresh(impatient.url, thiefs)),
        ENDED,
        sent=f"{sent}; then its successor",
        means="Reuse after the clean-up ends the family as before.",
        see=at(8),
    )
    responses = [refresh(impatient.url, late) for _ in range(2)]
    got = ["accepted" if response.ok else "refused" for response in responses]
    sent = (
        f"a refresh token that expired five seconds ago to POST {REFRESH} twice, where LEEWAY is 60 seconds"
    )
    means = "It is accepted once, like any other. Record it whatever its exp says: without a row it works as often as it is sent."
    expect(got, ["accepted", "refused"], sent=sent, means=means, see=at(8))
    ages = [claims(token).get("iat", 0) for token in (late, token_of(responses[0]))]
    got = "later" if ages[1] > ages[0] else "not later"
    sent = "the same token, and compared its iat with that of its successor"
    means = "A new refresh token has a time of issue of its own, as each token has that simplejwt makes: set_iat()."
    expect(got, "later", sent=sent, means=means, see=at(7))


def test_two_refreshes_at_nearly_the_same_time_end_nothing(url):
    first = log_in(url)
    second = token_of(refresh(url, first))
    sent = f"the same refresh token to POST {REFRESH} twice, the second time at once"
    means = (
        "Two tabs of one person do this. Within the grace period, refuse the second one and revoke nothing."
    )
    expect(answer(refresh(url, first)), JUST_USED, sent=sent, means=means, see=at(6))
    means = "The double refresh was harmless, and now an honest person is logged out."
    third = refresh(url, second)
    expect(answer(third), (200, None), sent=f"{sent}; then the successor", means=means, see=at(6))
    sent = f"{sent}; then the successor, and then the same token a third time"
    means = (
        "A third tab may be slower than that, and the others have gone on. Within the grace period only the time counts, and "
        "not what became of the successor."
    )
    expect(answer(refresh(url, first)), JUST_USED, sent=sent, means=means, see=at(6))
    means = "The late tab was harmless, and now an honest person is logged out."
    expect(
        answer(refresh(url, token_of(third))),
        (200, None),
        sent=f"{sent}; then the newest",
        means=means,
        see=at(6),
    )


def test_a_token_is_spent_whatever_its_user_is_called(strict, url, running):
    first = log_in(url)
    write(running, RENAME, "ada lovelace", "ada")
    refresh(strict, first)
    write(running, RENAME, "ada", "ada lovelace")
    got = answer(refresh(url, first))
    expect(
        JUST_USED if got == REUSED else got,
        JUST_USED,
        sent=f"a refresh token to POST {REFRESH} while ada had another username, and again when she had the old one back",
        means=(
            "What was spent is another token than the one that was sent, so that one still works, and so does each copy of it. Claims "
            "that are made anew change the token's text: spend it by its own jti, and change no jti before."
        ),
        see=at(3),
    )


def test_a_refused_try_does_not_begin_the_grace_period_anew(strict):
    first = log_in(strict)
    refresh(strict, first)
    spent, refusal = time.monotonic(), JUST_USED
    while time.monotonic() - spent < 2.5 * SHORT:
        time.sleep(SHORT / 5)
        refusal = answer(refresh(strict, first))
    got = "refused for good" if refusal in (REUSED, ENDED, NO_FAMILY) else refusal
    sent = f"one refresh token to POST {REFRESH} again and again, until the grace period was long over"
    means = "The grace period begins when the token is spent, and ends. A thief could keep it open by trying again."
    expect(got, "refused for good", sent=sent, means=means, see=at(6))


def test_of_twenty_at_once_one_is_accepted(url, running, workers):
    one_of_four_that_wait_together_is_accepted(workers, running)
    for _ in range(ROUNDS):
        one_of_twenty_is_accepted(url, workers)


def one_of_twenty_is_accepted(url, workers):
    token = log_in(url)
    with ThreadPoolExecutor(PARALLEL) as pool:
        responses = list(pool.map(lambda url: refresh(url, token), workers * (PARALLEL // 2)))
    winners = [response for response in responses if response.ok]
    sent = f"{PARALLEL} parallel POST {REFRESH} with the same token, to two processes of the server"
    expect(f"{len(winners)} accepted", "1 accepted", sent=sent, means=ONE_INSERT, see=at(5))
    refusals = {answer(response) for response in responses if not response.ok}
    means = "The losers are refused with 401. A 500 means that the insert's IntegrityError was not expected."
    expect([why for why in refusals if why[0] != 401], [], sent=sent, means=means, see=at(5))
    got, sent = answer(refresh(url, token_of(winners[0]))), f"{sent}, then the winner's successor"
    means = "The winner is an honest client, and its new token must work."
    expect(got, (200, None), sent=sent, means=means, see=at(6))


def test_no_record_no_new_token(url, running):
    token, got = log_in(url), []
    for error in ERRORS:
        write(running, READ_ONLY.format(error))
        try:
            got.append("new tokens" if refresh(url, token).ok else "no new token")
        finally:
            write(running, WRITABLE)
    means = (
        "Nothing recorded that the token was used, so it can be used again, by anybody. Let an error of the database that you did "
        "not expect go on its way, and an IntegrityError too, when no row has the jti: a 500 is better than a token that works twice."
    )
    sent = (
        f"a refresh token to POST {REFRESH} twice, while the table of spent tokens could be read and not written: first with an "
        "OperationalError, then with an IntegrityError"
    )
    expect(got, ["no new token"] * 2, sent=sent, means=means, see=at(5))


def test_a_log_out_ends_the_family(url):
    first = log_in(url)
    second = token_of(refresh(url, first))
    sent = f"a spent refresh token to POST {LOG_OUT}"
    means = "A refresh was under way when the person logged out. Any token of the family ends it."
    expect(answer(post(url, LOG_OUT, {"refresh": first})), (200, None), sent=sent, means=means, see=at(7))
    got, sent = after_the_end(refresh(url, second)), f"{sent}, then its successor to POST {REFRESH}"
    expect(got, ENDED, sent=sent, means="After a log-out no token of the family is accepted.", see=at(7))


def test_other_logins_live_on(url, running):
    there = log_in(url)
    grow_old(running, there, minutes=29 * 24 * 60)
    write(running, A_HUNDRED_LOGINS, family_of(there))
    here = log_in(url)
    post(url, LOG_OUT, {"refresh": here})
    refreshed = refresh(url, there)
    if answer(refreshed) == TOO_OLD:
        means = "It may become 30 days old, as conf.lifetime() says. The lifetime of a single token is another thing."
    else:
        means = (
            "Each login has a family of its own: a log-out on the phone leaves the laptop alone, and so does a login, however many "
            "there are and however old. A family that refreshes outlives each of its tokens."
        )
    sent = f"a login of 29 days ago, a hundred more of the same user, POST {LOG_OUT} for the last of them, then the first refreshes"
    expect(answer(refreshed), (200, None), sent=sent, means=means, see=at(7))
    stolen = log_in(url)
    refresh(url, stolen)
    write(running, SPENT_YESTERDAY, claims(stolen).get("jti"))
    others = {
        "the login of 29 days ago": token_of(refreshed),
        "a login since the token was spent": log_in(url),
    }
    refresh(url, stolen)
    expect_each(
        {name: answer(refresh(url, token)) for name, token in others.items()},
        dict.fromkeys(others, (200, None)),
        sent=f"a refresh token that was spent yesterday to POST {REFRESH} again, then those of two other logins of the same user",
        means=(
            "A theft ends the login that the token was stolen from, and no other. A later login is not the thief's either: it took "
            "the password, which no token tells."
        ),
        see=at(7),
    )


def test_the_attack_list_is_refused(attacks):
    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see=at(3))


def one_of_four_that_wait_together_is_accepted(workers, running):
    """The race made certain: all four requests have read before any of them can write."""
    token = log_in(running.url)
    with ThreadPoolExecutor(4) as pool, closing(sqlite3.connect(running.folder / "db.sqlite3")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")  # another program writes: reading goes on, and writing waits
        waiting = [pool.submit(refresh, url, token) for url in workers * 2]
        time.sleep(1)  # by now all four have asked what they ask, and wait to write
        other.execute("ROLLBACK")
        accepted = [each.result().status_code for each in waiting].count(200)
    sent = (
        f"four parallel POST {REFRESH} with the same token, to two processes of the server, while another program "
        "was writing to the database"
    )
    expect(f"{accepted} accepted", "1 accepted", sent=sent, means=ONE_INSERT, see=at(5))


def at(section):
    return f"08, section {section}"


def post(url, path, json):
    return requests.post(f"{url}{path}", json=json, timeout=10)


def log_in(url, name="ada"):
    """The refresh token of a new login."""
    return token_of(post(url, LOGIN, {"username": name, "password": "test"}))


def refresh(url, token):
    return post(url, REFRESH, {"refresh": token})


def after_the_end(response):
    """Status and reason. A family that was deleted has ended as well as one that is marked as revoked."""
    return ENDED if answer(response) == NO_FAMILY else answer(response)


def token_of(response):
    """The refresh token in a response, or None."""
    return body_of(response).get("refresh")


def grow_old(server, token, *, minutes):
    """Move the creation of the token's family so many minutes back. Its user logs in elsewhere."""
    write(server, A_FAMILY_GROWS_OLD, -minutes, family_of(token))
    write(server, EVERYBODY_LOGGED_IN)


def family_of(token):
    """The id of the token's family, as SQLite keeps it."""
    return str(claims(token).get("family")).replace("-", "")


def write(server, statement, *values):
    try:
        server.sql(statement, *values)
    except sqlite3.OperationalError as error:
        raise WorkshopError(
            f"The server's database says: {error}. Is token_families in INSTALLED_APPS?"
        ) from None


def wait_for_the_grace_period():
    """The grace period must really pass: the server's clock is not ours to move."""
    time.sleep(SHORT + 0.1)
