"""The corpus of hostile tokens. Each is made from honest claims and one thing that is wrong with them."""

import hashlib
import json
import math

from fuzz.signing import HEADER, encode, honest_claims, part, signed

# Every claim is given each of these values.
CLAIMS = ("exp", "iat", "nbf", "jti", "user_id", "token_type", "iss", "aud", "sub")
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
    "100,000 letters": "a" * 100_000,
    "full-width digits": "\uff11",
    "SQL": "1' OR '1'='1",
}

# Headers that ask for another algorithm, another key, or something that is not understood.
HEADERS = {
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
    "zip is DEF": {"zip": "DEF"},
    "typ is a list": {"typ": []},
    "jku leads elsewhere": {"jku": "http://127.0.0.1:9/keys"},
    "x5u leads elsewhere": {"x5u": "http://127.0.0.1:9/cert"},
    "jwk brings its own key": {"jwk": {"kty": "oct", "k": "AAAA"}},
    "kid is a path": {"kid": "../../../../dev/null"},
    "kid is SQL": {"kid": "1' UNION SELECT 'key'--"},
    "kid is a NUL": {"kid": "\0"},
    "kid is a number": {"kid": 1},
    "kid is a list": {"kid": []},
    "kid is null": {"kid": None},
    "kid is 100,000 letters": {"kid": "k" * 100_000},
    "a member nested 500 deep": {"x": json.loads("[" * 500 + "]" * 500)},
}

PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"


def corpus(token_type, key, users):
    """Named hostile tokens of this type. `users` has the ids of a `deleted` and an `inactive` user."""
    yield from wrong_claims(token_type, key)
    yield from wrong_users(token_type, key, users)
    yield from wrong_payloads(token_type, key)
    yield from wrong_headers(token_type, key)
    yield from wrong_signatures(token_type, key)
    yield from wrong_forms(token_type, key)


def wrong_claims(token_type, key):
    for claim in CLAIMS:
        for name, value in VALUES.items():
            yield f"{claim} is {name}", signed(honest_claims(token_type) | {claim: value}, key)
        without = {name: value for name, value in honest_claims(token_type).items() if name != claim}
        yield f"{claim} is missing", signed(without, key)
    yield "no claim at all", signed({}, key)
    yield "a thousand claims", signed(honest_claims(token_type) | {f"c{n}": n for n in range(1000)}, key)
    (other,) = {"access", "refresh"} - {token_type}
    yield "the other type", signed(honest_claims(other), key)
    yield "expired", signed(honest_claims(token_type) | {"exp": 1}, key)


def wrong_users(token_type, key, users):
    for name, user_id in users.items():
        yield f"the user is {name}", signed(honest_claims(token_type, str(user_id)), key)
    yield "the user never was", signed(honest_claims(token_type, "987654321"), key)
    yield "the user id has 30 digits", signed(honest_claims(token_type, "9" * 30), key)


def wrong_payloads(token_type, key):
    honest = json.dumps(honest_claims(token_type))
    texts = {
        "an empty payload": "",
        "payload is a list": "[]",
        "payload is a text": '"text"',
        "payload is a number": "1",
        "payload is null": "null",
        "payload is no JSON": "{exp: 1}",
        "payload is cut off": honest[:-1],
        "a claim twice": honest[:-1] + ', "user_id": ["1"]}',
        "token_type twice": f'{{"token_type": "other", {honest[1:]}',
        "a claim nested 500 deep": honest[:-1] + f', "x": {"[" * 500 + "]" * 500}}}',
        "a claim nested 900 deep": honest[:-1] + f', "x": {"[" * 900 + "]" * 900}}}',
        "a claim nested 100,000 deep": honest[:-1] + f', "x": {"[" * 100_000 + "]" * 100_000}}}',
        "payload is 100,000 times [": "[" * 100_000,
        "exp has 5,000 digits": honest[:-1] + f', "exp": {"9" * 5000}}}',
        "user_id has 4,000 digits": honest[:-1] + f', "user_id": {"9" * 4000}}}',
    }
    for name, text in texts.items():
        yield name, signed(text.encode(), key)
    yield "payload is no UTF-8", signed(b'{"user_id": "\xff"}', key)
    yield "payload is UTF-16", signed(honest.encode("utf-16"), key)


def wrong_headers(token_type, key):
    claims = honest_claims(token_type)
    for name, members in HEADERS.items():
        yield name, signed(claims, key, HEADER | members)
    yield "alg is missing", signed(claims, key, {"typ": "JWT"})
    yield "alg is none, unsigned", f"{part({'alg': 'none'})}.{part(claims)}."
    yield "alg twice", signed(claims, key, b'{"alg": "none", "alg": "HS256"}')
    texts = {"a list": "[]", "a text": '"HS256"', "null": "null", "empty": "", "no JSON": "{alg}"}
    for name, text in texts.items():
        yield f"header is {name}", signed(claims, key, text.encode())
    yield "header is no UTF-8", signed(claims, key, b"\xff\xfe")
    # These need no key: the header is read before the signature is verified.
    for depth in (2_000, 100_000):
        yield f"header nested {depth:,} deep", ".".join([encode(b"[" * depth), part(claims), "AAAA"])
    yield "kid nested 2,000 deep", ".".join([encode(b'{"kid": ' + b"[" * 2000), part(claims), "AAAA"])


def wrong_signatures(token_type, key):
    claims = honest_claims(token_type)
    whole = signed(claims, key)
    head, signature = whole.rsplit(".", 1)
    yield "signed with another key", signed(claims, key + "x")
    yield "signed with an empty key", signed(claims, "")
    yield "signed with a public key", signed(claims, PUBLIC_KEY)
    yield "HS512 with the right key", signed(claims, key, HEADER | {"alg": "HS512"}, hashlib.sha512)
    yield "signature is empty", f"{head}."
    yield "signature is edited", f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    yield "signature is longer", f"{whole}AAAA"
    yield "signature has padding", f"{whole}="
    yield "signature is no base64", f"{head}.!!!!"


def wrong_forms(token_type, key):
    whole = signed(honest_claims(token_type), key)
    first, second, third = whole.split(".")
    yield from {
        "no dot": "token",
        "one dot": f"{first}.{second}",
        "three dots": f"{whole}.{third}",
        "five parts, as if encrypted": f"{whole}.{second}.{third}",
        "only dots": "..",
        "empty payload part": f"{first}..{third}",
        "empty header part": f".{second}.{third}",
        "parts swapped": f"{second}.{first}.{third}",
        "a NUL inside": f"{first}.\0{second}.{third}",
        "letters that are no ASCII": f"{first}.é한{second}.{third}",
        "standard base64 letters": f"{first}.+/{second}.{third}",
        "quotes around it": f'"{whole}"',
        "percent-encoded": whole.replace(".", "%2E"),
        "a million letters": "a" * 1_000_000,
        "100,000 dots": "." * 100_000,
    }.items()
