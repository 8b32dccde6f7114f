"""Reading a token without trusting it, and showing it without showing it whole."""

import base64
import json
import time
from xml.etree import ElementTree

import pytest

from workshop import claims
from workshop.display.token_view import TokenView
from workshop.errors import WorkshopError

SIGNATURE = "c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4"


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(header=None, **named):
    """An encoded token of these claims; its signature is none."""
    return f"{part(header or {'alg': 'HS256', 'typ': 'JWT'})}.{part(named)}.{SIGNATURE}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not 1 parts"),
        ("a.b", "not 2 parts"),
        (f"{token()}.x", "not 4 parts"),
        (None, "not a NoneType"),
        (b"a.b.c", "not a bytes"),
        ("!.!.!", "cannot be decoded"),
        ("é.é.é", "cannot be decoded"),
        (f"{part([1])}.{part({})}.x", "must each be a JSON object"),
        (f"{part({})}.{part('claims')}.x", "must each be a JSON object"),
        (f"{part({})}.{base64.urlsafe_b64encode(b'[' * 100_000).decode()}.x", "cannot be decoded"),
    ],
)
def test_what_is_no_token_is_reported(text, says):
    with pytest.raises(WorkshopError, match=f"This is no token: .*{says}"):
        claims.parts(text)


@pytest.mark.parametrize("named", [{}, {"exp": None}, {"exp": "soon"}, {"exp": True}, {"exp": [1]}])
def test_a_token_without_an_expiry_is_reported(named):
    with pytest.raises(WorkshopError, match="This token has no time in its claim exp: found "):
        claims.expiry(token(**named))


def test_the_parts_come_decoded():
    assert claims.parts(token(exp=7)) == ({"alg": "HS256", "typ": "JWT"}, {"exp": 7}, SIGNATURE)
    assert claims.expiry(token(exp=7.9)) == 7


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "a & b", "</table>"])
def test_hostile_claims_are_escaped(hostile):
    view = TokenView(token({"alg": hostile}, **{"name": hostile, hostile: 1}))
    table = ElementTree.fromstring(view.table())  # noqa: S314
    assert {element.tag for element in table.iter()} == {
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert [cell.text for cell in table.iter("td")].count(hostile) == 3


def test_a_claim_can_neither_move_the_cursor_nor_begin_a_line():
    text = repr(TokenView(token(name="\x1b[2Jx\nPAYLOAD    admin   yes")))
    assert "\\x1b[2Jx\\nPAYLOAD" in text
    assert len(text.splitlines()) == 4


def test_no_part_of_the_token_is_shown_as_it_was_sent():
    inner = token(sub="1")
    encoded = token(inner=inner)
    view = TokenView(encoded)
    for shown in view._repr_mimebundle_().values():
        assert not any(part in shown for part in (*encoded.split("."), inner))
    assert f"{len(SIGNATURE)} characters, made from header and payload" in repr(view)


def test_a_time_is_a_date_and_seconds_from_now():
    now = int(time.time())
    rows = {name: value for _, name, value, _ in TokenView(token(exp=now + 100, iat=now - 100)).rows()}
    assert rows["exp"].endswith(("(in 100 s)", "(in 99 s)"))
    assert rows["iat"].endswith(("(100 s ago)", "(101 s ago)"))


@pytest.mark.parametrize("strange", [10**30, -(10**30), float("nan"), "soon", None, True])
def test_a_strange_time_is_shown_as_it_is(strange):
    assert "exp" in repr(TokenView(token(exp=strange)))


def test_every_part_is_labelled_once_and_explained():
    lines = repr(TokenView(token(token_type="access", user_id="2"))).splitlines()
    assert [line.split()[0] for line in lines] == ["HEADER", "typ", "PAYLOAD", "user_id", "SIGNATURE"]
    assert lines[2].endswith("which of the two it is: access or refresh")
