"""Step 02, with the decoder in a file of its own and exceptions with a parent."""

import json
from hmac import HMAC, compare_digest

import base64url
from jwt import PyJWT, PyJWTError


class TokenError(ValueError):
    pass


class NotAToken(TokenError):
    pass


class Refused(TokenError):
    pass


def no_json(word: str) -> None:
    raise ValueError(f"{word} is a word of Python's reader, and no JSON")


def read(token: str) -> dict:
    try:
        head, body, tail = token.split(".")
        header, claims = (json.loads(base64url.decode(part), parse_constant=no_json) for part in (head, body))
        signature = base64url.decode(tail)
    except RecursionError:
        raise NotAToken("nested too deeply") from None
    except ValueError as error:
        raise NotAToken(f"not three parts of base64url and JSON: {type(error).__name__}") from None
    if {type(header), type(claims)} != {dict}:
        raise NotAToken("header and payload must be objects")
    return {"header": header, "claims": claims, "signature": signature}


def is_signed_with(token: str, key: str) -> bool:
    mac = HMAC(key.encode(), digestmod="sha256")
    mac.update(token[: token.rindex(".")].encode())
    return compare_digest(mac.digest(), read(token)["signature"])


def verify(token: str, key: str, *, now: float) -> dict:
    parts = read(token)
    claims = parts["claims"]
    questions = {
        "algorithm not allowed": lambda: parts["header"].get("alg") == "HS256",
        "bad signature": lambda: is_signed_with(token, key),
        "expired": lambda: type(claims.get("exp")) in (int, float) and now < claims["exp"] < float("inf"),
    }
    for reason, holds in questions.items():
        if not holds():
            raise Refused(reason)
    return claims


def verify_with_pyjwt(token: str, key: str) -> dict:
    names = {"InvalidAlgorithmError": "algorithm not allowed", "InvalidSignatureError": "bad signature"}
    try:
        return PyJWT(options={"require": ["exp"]}).decode(token, key, algorithms=["HS256"])
    except PyJWTError as error:
        raise Refused(names.get(type(error).__name__, "expired")) from error
