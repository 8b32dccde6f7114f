"""No request gets a 500. The corpus of `make fuzz`, sent to the server as it comes."""

import json
import logging
from contextlib import nullcontext

import pytest
from django.core.handlers.wsgi import WSGIHandler

from fuzz import contract, corpus, raw
from fuzz.judge import fault
from fuzz.people import make_people
from fuzz.wire import Wire

SEED = 20260105
BLACKLIST = "/api/token/blacklist/"  # step 07 switches it on


@pytest.fixture
def hostile_people(db, settings):
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
def test_a_hostile_request_gets_a_sentence(wire, hostile_people, settings, part, third, debug):
    settings.DEBUG = debug
    requests = [one for one in part(hostile_people) if one.path != BLACKLIST]
    # Each third in development, and a sample in production: there a refusal takes the same way.
    chosen = requests if third is None else requests[third::3] if debug else requests[third::12]
    found = [(one.row, one.where, fault(wire.send(one), one)) for one in chosen]
    assert [one for one in found if one[2]] == []
    assert len(found) > 50


def test_random_claims_get_a_sentence(wire, hostile_people):
    tally = contract.Tally()
    contract.random_claims(wire, hostile_people, tally, examples=15, number=SEED)
    assert (tally.faults, sum(tally.statuses.values()) > 100) == ([], True)


def test_requests_from_the_schema_get_documented_answers(hostile_people):
    tally = contract.Tally()
    contract.schema_cases(WSGIHandler(), hostile_people, tally, examples=4, number=SEED)
    assert (tally.faults, sum(tally.statuses.values()) > 100) == ([], True)


@pytest.mark.parametrize("kind", ["shop", "class_server"])
def test_hostile_bytes_get_a_sentence(request, kind):
    server = request.getfixturevalue(kind)
    found = [(hostile.row, fault(answer, hostile)) for hostile, answer in raw.answers(server.url)]
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
def test_what_is_no_request_is_refused_without_being_repeated(request, kind, row, status, code):
    host, _, port = request.getfixturevalue(kind).url.removeprefix("http://").partition(":")
    answer = raw.answer((host, int(port)), raw.ROWS[row])
    assert (answer.status, answer.headers["content-type"]) == (status, "application/json")
    assert json.loads(answer.body)["code"] == code
    assert not any(sent in answer.body for sent in (b"garbage", b"aaaa", b"9.9"))


@pytest.mark.parametrize("kind", ["serve", "own_class_server"])
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
def test_the_log_does_not_repeat_what_cannot_be_read(request, kind, sent):
    fixture = request.getfixturevalue(kind)
    with fixture() if kind == "serve" else nullcontext(fixture) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        answer = raw.answer((host, int(port)), sent)
        raw.answer((host, int(port)), sent)  # the first one's line is written before this one is answered
    assert answer.status < 500
    assert b"SECRET" not in answer.body
    assert "SECRET" not in server.log.read_text()
