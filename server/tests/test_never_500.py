"""No hostile request gets a 500, and no hostile token is accepted: the corpus of `make fuzz`."""

import json
import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler

from api.models import Product
from testkit import databases, servers
from testkit.hostile import corpus, raw
from testkit.hostile.holes import HOLES, WHERE
from testkit.hostile.judge import fault
from testkit.hostile.people import make_people
from testkit.hostile.wire import Wire

SEED = 20260105


@pytest.fixture
def hostile_people(db, settings):
    Product.objects.create(pk=1, name="Lamp", price="9.90", stock=1)  # what is acceptable must find something
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    logging.disable(logging.CRITICAL)  # Django logs each refusal, some with a traceback
    yield make_people()
    logging.disable(logging.NOTSET)


@pytest.fixture
def wire(hostile_people):
    return Wire(WSGIHandler())


PARTS = {
    "tokens, first third": (corpus.hostile_tokens, 0),
    "tokens, second third": (corpus.hostile_tokens, 1),
    "tokens, last third": (corpus.hostile_tokens, 2),
    "bodies, first third": (corpus.hostile_bodies, 0),
    "bodies, second third": (corpus.hostile_bodies, 1),
    "bodies, last third": (corpus.hostile_bodies, 2),
    "headers": (corpus.hostile_headers, None),
    "addresses": (corpus.hostile_addresses, None),
}


@pytest.mark.parametrize(("part", "third"), PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("debug", [True, False], ids=["development", "production"])
def test_a_hostile_request_is_refused_with_a_sentence(wire, hostile_people, settings, part, third, debug):
    settings.DEBUG = debug
    requests = list(part(hostile_people))
    # Each third in development, and a sample in production: there a refusal takes the same way.
    chosen = requests if third is None else requests[third::3] if debug else requests[third::12]
    found = [(one.row, one.where, fault(wire.send(one), one)) for one in chosen]
    assert [one for one in found if one[2]] == []
    assert len(found) > 50


@pytest.fixture(scope="module")
def held_open(tmp_path_factory):
    """What each hole lets through, as pairs of row and endpoint; under None, what the server as it is lets through.

    The server is one with a blacklist and an audience, in a process of its own: simplejwt freezes its settings.
    """
    settings = "testkit.hostile.ours"
    database = databases.seed(databases.sqlite(tmp_path_factory.mktemp("holes") / "db.sqlite3"), settings)
    variables = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": settings}
    done = servers.run(["-m", "testkit.hostile.answers", "holes"], **variables)
    assert done.returncode == 0, done.stderr
    found = {name: {"accepted": set(), "faults": set(), "sent": 0} for name in (None, *HOLES)}
    for line in map(json.loads, done.stdout.splitlines()):
        row, hole = (line["row"], line["where"]), found[line["hole"]]
        hole["sent"] += 1
        hole["accepted"] |= {row} if line["accepted"] else set()
        hole["faults"] |= {row} if line["fault"] else set()
    return found


def test_the_server_as_it_is_has_no_hole(held_open):
    assert held_open[None] == {"accepted": set(), "faults": set(), "sent": 2 * len(HOLES) - 1}


@pytest.mark.parametrize("name", HOLES)
def test_the_corpus_notices_a_hole(held_open, name):
    row, _ = HOLES[name]
    # A refresh looks its user up even where an access token needs none; an access token is in no blacklist.
    only = {"an unknown user is accepted": WHERE[:1], "a blacklisted token is accepted": WHERE[1:]}
    wanted = {(row, where) for where in only.get(name, WHERE)}
    assert (held_open[name]["accepted"], held_open[name]["faults"]) == (wanted, wanted)


@pytest.fixture
def contract():
    """What makes random requests. It imports Hypothesis, for seconds: only the process that uses it does so."""
    from testkit.hostile import contract

    return contract


def test_random_claims_get_a_sentence(contract, wire, hostile_people):
    tally = contract.Tally()
    contract.random_claims(wire, hostile_people, tally, examples=15, number=SEED)
    assert (tally.faults, sum(tally.statuses.values()) > 100) == ([], True)


def test_requests_from_the_schema_get_documented_responses(contract, hostile_people):
    tally = contract.Tally()
    contract.schema_cases(WSGIHandler(), hostile_people, tally, examples=4, number=SEED)
    assert (tally.faults, sum(tally.statuses.values()) > 100) == ([], True)


@pytest.mark.parametrize(("header", "value"), [("host", "elsewhere.example"), ("Accept", "text/html")])
def test_a_random_header_is_no_fault_of_an_operation(contract, hostile_people, header, value):
    tally = contract.Tally()
    operation = contract.schema_of(WSGIHandler())["/orders/"]["GET"]
    contract.checker(operation, hostile_people, "admin", tally)(operation.Case(headers={header: value}))
    assert (tally.statuses, tally.faults) == ({200: 1}, [])


@pytest.mark.parametrize("kind", ["shop", "class_server"])
def test_hostile_bytes_get_a_sentence(request, kind):
    server = request.getfixturevalue(kind)
    found = [(hostile.row, fault(response, hostile)) for hostile, response in raw.responses(server.url)]
    assert [one for one in found if one[1]] == []
    assert len(found) == len(raw.ROWS)


@pytest.mark.parametrize("kind", ["shop", "class_server"])
@pytest.mark.parametrize(
    ("row", "status", "code"),
    [
        ("no HTTP at all", 400, "bad_request"),
        ("HTTP/9.9", 400, "bad_request"),
        ("a first line of 65,537 bytes", 414, "request_uri_too_long"),
        ("a token of 66,000 letters", 431, "request_header_fields_too_large"),
    ],
)
def test_a_broken_request_is_refused_without_being_repeated(request, kind, row, status, code):
    host, _, port = request.getfixturevalue(kind).url.removeprefix("http://").partition(":")
    response = raw.exchange((host, int(port)), raw.ROWS[row])
    assert (response.status, response.headers["content-type"]) == (status, "application/json")
    assert json.loads(response.body)["code"] == code
    assert not any(sent in response.body for sent in (b"garbage", b"aaaa", b"9.9"))


@pytest.mark.parametrize("kind", ["shop", "class_server"])
@pytest.mark.parametrize(
    "sent",
    [
        raw.request("Bearer SECRETSECRETSECRETSECRET"),
        raw.request(*raw.READ, "Authorization Bearer SECRETSECRETSECRETSECRET"),
        raw.request(*raw.READ, "Authorization: Bearer SECRETSECRETSECRETSECRET\0"),
        raw.request("GET /products/?token=SECRETSECRETSECRETSECRET HTTP/9.9", raw.HOST),
    ],
    ids=["no HTTP", "no colon", "a NUL", "a version"],
)
def test_the_log_does_not_repeat_a_broken_request(request, kind, sent):
    server = request.getfixturevalue(kind)
    host, _, port = server.url.removeprefix("http://").partition(":")
    response = raw.exchange((host, int(port)), sent)
    raw.exchange((host, int(port)), sent)  # the first one's log line is written before this response
    assert response.status < 500
    assert b"SECRET" not in response.body
    assert "SECRET" not in server.log.read_text()
