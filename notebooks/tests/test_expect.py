"""A failing check says four things, and never a token."""

import pytest
import requests

from workshop.expect import THROTTLED, answer, expect, leaked, reason, redacted, told

TOKEN = ".".join(["ey" + "JhbGciOiJIUzI1NiJ9", "ey" + "JzdWIiOiIxIn0", "c2ln"])


def response(status, body):
    made = requests.Response()
    made.status_code, made._content = status, body.encode()
    return made


def test_a_difference_is_reported_in_four_parts():
    with pytest.raises(AssertionError) as raised:
        expect(
            (401, "Token is expired"),
            (200, None),
            sent="GET /orders/",
            means="It is over.",
            see="03, section 1",
        )
    assert str(raised.value) == (
        "Sent GET /orders/. Expected 200, got 401 (Token is expired). It is over. → lesson 03, section 1"
    )


@pytest.mark.parametrize(
    ("got", "wanted", "named"),
    [
        ((429, "Request was throttled."), (200, None), True),
        ({"GET /products/": "429 throttled"}, {"GET /products/": "200"}, True),
        ({"from here": 429}, {"from here": 301}, True),
        ("429 throttled", "429 too_many_failed_logins", False),
        ("429 s", "an hour at most", False),
        ("a word of 4290 letters", "none", False),
    ],
)
def test_a_throttle_is_named_where_none_is_wanted(got, wanted, named):
    with pytest.raises(AssertionError) as raised:
        expect(got, wanted, sent="a request", means="It means something else.", see="")
    assert (f"{THROTTLED} It means something else." in str(raised.value)) is named


@pytest.mark.parametrize("got", [TOKEN, {"access": TOKEN}, (401, f"no {TOKEN}"), [TOKEN] * 9])
def test_a_token_is_never_shown(got):
    with pytest.raises(AssertionError) as raised:
        expect(got, "nothing", sent="a token", means="", see="")
    assert "<token>" in str(raised.value)
    assert not any(part in str(raised.value) for part in TOKEN.split("."))


@pytest.mark.parametrize(
    "got",
    [
        TOKEN.split("."),
        [part.encode() for part in TOKEN.split(".")],
        {"signature": bytes(range(200, 232))},
        "the signature is 4f2a" * 3 + "0123456789abcdef" * 4,
        "of Aa0" + "bC1_-" * 9,
    ],
    ids=["parts", "parts as bytes", "bytes", "hexadecimal", "base64url"],
)
def test_a_part_of_a_token_is_never_shown(got):
    said = redacted(repr(got))
    assert "<" in said
    assert not any(
        secret in said for secret in (*TOKEN.split(".")[:2], "xc8", "0123456789abcdef", "bC1_-bC1_-")
    )


def test_bytes_that_are_text_stay():
    assert redacted("got b'one', wanted b\"two's\"") == "got b'one', wanted b\"two's\""


@pytest.mark.parametrize(
    ("text", "names"),
    [(f"It is {TOKEN}.", ["the token"]), (f"payload {TOKEN.split('.')[1]}", ["the token"]), ("nothing", [])],
)
def test_a_secret_is_found_by_either_of_its_telling_parts(text, names):
    assert leaked(text, {"the token": TOKEN, "nothing known": None}) == names


def test_what_is_equal_passes():
    expect([1], [1], sent="", means="", see="")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<html>", None),
        ("", None),
        ("[1]", None),
        ("3", None),
        ("{}", None),
        ('{"messages": [3], "detail": "d"}', "d"),
        ('{"messages": [{}], "detail": "d"}', "d"),
        ('{"messages": [{"message": "m"}], "detail": "d"}', "m"),
        ('{"detail": "d"}', "d"),
    ],
)
def test_the_reason_is_the_message_else_the_detail(body, why):
    assert reason(response(401, body)) == why
    assert answer(response(401, body)) == (401, why)


def test_a_long_value_is_shortened():
    assert told("x" * 5_000) == "x" * 300 + " ... (5000 characters)"


def test_what_only_resembles_a_token_stays():
    assert redacted("an eye, JSON and a.b.c") == "an eye, JSON and a.b.c"
