"""The corpus of hostile tokens. Each is made from honest claims and one thing that is wrong with them.

A row is its name, its token and the `Outcome` that it must have. Some rows are only odd: what they say is signed by
the server's own key and can be understood, so they are accepted.
"""

import hashlib
import json
import math

from testkit.hostile.expected import (
    ACCEPTED,
    BLACKLISTED,
    EXPIRED,
    INACTIVE,
    INVALID,
    NO_TYPE,
    NO_USER,
    NUL,
    TOO_DEEP,
    UNKNOWN,
    UNREADABLY_DEEP,
    WRONG_TYPE,
    everywhere,
    nobody,
    unusable,
)
from testkit.hostile.people import blacklisted
from testkit.hostile.signing import HEADER, encode, part, signed

# Every claim is given each of these values.
VALUES = {
    "null": None,
    "true": True,
    "an empty text": "",
    "a word": "word",
    "a number as text": "4102444800",
    "a fraction": 4102444800.5,
    "zero": 0,
    "negative": -1,
    "in milliseconds": 4102444800000,
    "1e308": 1e308,
    "-1e308": -1e308,
    "10**40": 10**40,
    "infinite": math.inf,
    "no number": math.nan,
    "a list": [1],
    "an empty list": [],
    "an object": {"a": 1},
    "a list of lists": [[["1"]]],
    "a NUL": "1\0",
    "half a surrogate pair": "\ud800",
    "50,000 letters": "a" * 50_000,
    "full-width digits": "\uff11",
    "SQL": "1' OR '1'='1",
}
TEXTS = [name for name, value in VALUES.items() if isinstance(value, str)]
SHORT_TEXTS = ("an empty text", "a word", "a number as text", "full-width digits", "SQL")
ODD_TIMES = dict.fromkeys(("zero", "negative", "missing"), ACCEPTED)
ODD_TEXTS = dict.fromkeys([*TEXTS, "missing"], ACCEPTED)


def claim_outcomes(token_type, people):
    """For each claim: what most values of it get, and which values get something else."""
    no_user = nobody(token_type, UNKNOWN.present)
    return {
        "exp": (
            INVALID,
            dict.fromkeys(("true", "zero", "negative", "-1e308", "full-width digits"), EXPIRED)
            | dict.fromkeys(("a number as text", "in milliseconds", "1e308", "10**40"), unusable("exp"))
            | {"a fraction": ACCEPTED, "missing": everywhere("Token has no 'exp' claim")},
        ),
        **{
            time: (
                INVALID,
                ODD_TIMES | dict.fromkeys(("true", "-1e308", "full-width digits"), unusable(time)),
            )
            for time in ("iat", "nbf")
        },
        "jti": (
            INVALID,
            dict.fromkeys(("a NUL", "half a surrogate pair", "50,000 letters"), unusable("jti"))
            | {"missing": everywhere("Token has no id")},
        ),
        "user_id": (
            unusable("user_id"),
            dict.fromkeys(("a number as text", "negative", "in milliseconds", "10**40"), UNKNOWN)
            | {"null": no_user, "zero": no_user, "missing": nobody(token_type, NO_USER.present)},
        ),
        "token_type": (WRONG_TYPE, {"missing": NO_TYPE}),
        "iss": (unusable("iss"), ODD_TEXTS),
        "aud": (INVALID if people.audience else ACCEPTED, {}),
        "sub": (INVALID, ODD_TEXTS),
    }


# The jti of a token that is accepted must be its own, and "1" in full-width digits is somebody's id.
NOT_HOSTILE = {"jti": SHORT_TEXTS, "user_id": ("full-width digits",)}

# Headers that ask for another algorithm, or for something that is not understood.
REFUSED_HEADERS = {
    **{
        f"alg is {name}": {"alg": name}
        for name in ("none", "None", "nOnE", "", "HS384", "RS256", "hs256", "HS256 ")
    },
    "alg is a list": {"alg": ["HS256"]},
    "alg is a number": {"alg": 256},
    "alg is null": {"alg": None},
    "alg is an object": {"alg": {}},
    "crit is not understood": {"crit": ["exp"], "exp": 1},
    "crit is empty": {"crit": []},
    "crit is a number": {"crit": 1},
    "crit names what is missing": {"crit": ["b64"]},
    "b64 is false": {"b64": False, "crit": ["b64"]},
    "b64 is false, not critical": {"b64": False},
    "kid is a number": {"kid": 1},
    "kid is a list": {"kid": []},
    "kid is null": {"kid": None},
}
# Headers that would lead to another key. Nothing follows them: the signature is verified with the server's own key.
IGNORED_HEADERS = {
    "zip is DEF": {"zip": "DEF"},
    "typ is a list": {"typ": []},
    "jku leads elsewhere": {"jku": "http://127.0.0.1:9/keys"},
    "x5u leads elsewhere": {"x5u": "http://127.0.0.1:9/cert"},
    "jwk brings its own key": {"jwk": {"kty": "oct", "k": "AAAA"}},
    "kid is a path": {"kid": "../../../../dev/null"},
    "kid is SQL": {"kid": "1' UNION SELECT 'key'--"},
    "kid is a NUL": {"kid": "\0"},
    "kid is 50,000 letters": {"kid": "k" * 50_000},
    "a member nested 500 deep": {"x": json.loads("[" * 500 + "]" * 500)},
}

PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"


def corpus(token_type, people):
    """Every row of this type."""
    for rows in (wrong_claims, wrong_users, wrong_payloads, wrong_headers, wrong_signatures, wrong_forms):
        yield from rows(token_type, people)


def wrong_claims(token_type, people):
    for claim, (most, others) in claim_outcomes(token_type, people).items():
        for name, value in VALUES.items():
            if name not in NOT_HOSTILE.get(claim, ()):
                token = people.token(token_type, **{claim: value})
                yield f"{claim} is {name}", token, others.get(name, most)
        without = {name: value for name, value in people.claims(token_type).items() if name != claim}
        yield f"{claim} is missing", signed(without, people.key), others.get("missing", most)
    yield (
        "no claim at all",
        signed({}, people.key),
        INVALID if people.audience else everywhere("Token has no 'exp' claim"),
    )
    yield "a thousand claims", people.token(token_type, **{f"c{n}": n for n in range(1000)}), ACCEPTED
    (other,) = {"access", "refresh"} - {token_type}
    yield "the other type", people.token(other), WRONG_TYPE
    yield "expired", people.token(token_type, exp=1), EXPIRED
    if people.audience:
        yield "another audience", people.token(token_type, aud="elsewhere"), INVALID
    if people.can_blacklist and token_type == "refresh":  # noqa: S105
        yield "blacklisted", blacklisted(people), BLACKLISTED


def wrong_users(token_type, people):
    yield "the user is deleted", people.token(token_type, "deleted"), UNKNOWN
    yield "the user is inactive", people.token(token_type, "inactive"), INACTIVE
    yield "the user never was", people.token(token_type, user_id="987654321"), UNKNOWN
    yield "the user id has 30 digits", people.token(token_type, user_id="9" * 30), UNKNOWN


def wrong_payloads(token_type, people):
    def ending(more):
        """Honest claims with this text before the last brace."""
        return f"{json.dumps(people.claims(token_type))[:-1]}{more}"

    def nested(depth):
        return ending(f', "x": {"[" * depth + "]" * depth}}}')

    texts = {
        "an empty payload": ("", INVALID),
        "payload is a list": ("[]", INVALID),
        "payload is a text": ('"text"', INVALID),
        "payload is a number": ("1", INVALID),
        "payload is null": ("null", INVALID),
        "payload is no JSON": ("{exp: 1}", INVALID),
        "payload is cut off": (ending(""), INVALID),
        "a claim twice": (ending(', "user_id": ["1"]}'), unusable("user_id")),
        "token_type twice": (f'{{"token_type": "other", {ending("}")[1:]}', ACCEPTED),
        "a claim nested 500 deep": (nested(500), TOO_DEEP),
        "a claim nested 900 deep": (nested(900), UNREADABLY_DEEP),
        "a claim nested 20,000 deep": (nested(20_000), UNREADABLY_DEEP),
        "payload is 50,000 times [": ("[" * 50_000, INVALID),
        "exp has 5,000 digits": (ending(f', "exp": {"9" * 5000}}}'), INVALID),
        "user_id has 4,000 digits": (ending(f', "user_id": {"9" * 4000}}}'), UNKNOWN),
    }
    for name, (text, outcome) in texts.items():
        yield name, signed(text.encode(), people.key), outcome
    yield "payload is no UTF-8", signed(b'{"user_id": "\xff"}', people.key), INVALID
    yield "payload is UTF-16", signed(ending("}").encode("utf-16"), people.key), ACCEPTED


def wrong_headers(token_type, people):
    def headed(header):
        return signed(people.claims(token_type), people.key, header)

    for name, members in REFUSED_HEADERS.items():
        yield name, headed(HEADER | members), INVALID
    for name, members in IGNORED_HEADERS.items():
        yield name, headed(HEADER | members), ACCEPTED
    claims = part(people.claims(token_type))
    yield "alg is missing", headed({"typ": "JWT"}), INVALID
    yield "alg is none, unsigned", f"{part({'alg': 'none'})}.{claims}.", INVALID
    yield "alg twice", headed(b'{"alg": "none", "alg": "HS256"}'), ACCEPTED
    texts = {"a list": "[]", "a text": '"HS256"', "null": "null", "empty": "", "no JSON": "{alg}"}
    for name, text in texts.items():
        yield f"header is {name}", headed(text.encode()), INVALID
    yield "header is no UTF-8", headed(b"\xff\xfe"), INVALID
    # These need no key: the header is read before the signature is verified.
    for depth in (2_000, 50_000):
        yield f"header nested {depth:,} deep", ".".join([encode(b"[" * depth), claims, "AAAA"]), INVALID
    yield "kid nested 2,000 deep", ".".join([encode(b'{"kid": ' + b"[" * 2000), claims, "AAAA"]), INVALID


def wrong_signatures(token_type, people):
    claims, key = people.claims(token_type), people.key
    whole = signed(claims, key)
    head, signature = whole.rsplit(".", 1)
    refused = {
        "signed with another key": signed(claims, f"{key}x"),
        "signed with an empty key": signed(claims, ""),
        "signed with a public key": signed(claims, PUBLIC_KEY),
        "HS512 with the right key": signed(claims, key, HEADER | {"alg": "HS512"}, hashlib.sha512),
        "signature is empty": f"{head}.",
        "signature is edited": f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}",
        "signature is longer": f"{whole}AAAA",
        "signature is no base64": f"{head}.!!!!",
    }
    yield from ((name, token, INVALID) for name, token in refused.items())
    yield "signature has padding", f"{people.token(token_type)}=", ACCEPTED


def wrong_forms(token_type, people):
    whole = people.token(token_type)
    first, second, third = whole.split(".")
    refused = {
        "no dot": "token",
        "one dot": f"{first}.{second}",
        "three dots": f"{whole}.{third}",
        "five parts, as if encrypted": f"{whole}.{second}.{third}",
        "only dots": "..",
        "empty payload part": f"{first}..{third}",
        "empty header part": f".{second}.{third}",
        "parts swapped": f"{second}.{first}.{third}",
        "letters that are no ASCII": f"{first}.é한{second}.{third}",
        "standard base64 letters": f"{first}.+/{second}.{third}",
        "quotes around it": f'"{whole}"',
        "percent-encoded": whole.replace(".", "%2E"),
        "90,000 letters": "a" * 90_000,
        "90,000 dots": "." * 90_000,
    }
    yield from ((name, token, INVALID) for name, token in refused.items())
    yield "a NUL inside", f"{first}.\0{second}.{third}", NUL
