"""Ten ways to break a server. Each can be opened in this process; the corpus must notice it."""

import hashlib
import json
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from testkit.hostile.signing import decode, signature, signed
from testkit.hostile.tokens import PUBLIC_KEY

WHERE = ("GET /user-orders/", "POST /api/token/refresh/ (refresh)")


@contextmanager
def opened(name):
    """The server with this hole while the block runs; without a name, as it is."""
    with ExitStack() as stack:
        for target, attribute, broken in HOLES[name][1]() if name else ():
            stack.enter_context(patch.object(target, attribute, broken))
        yield


def accepting(is_good):
    """Also accept a token whose header and signature `is_good`; whatever is checked after them still is."""
    from django.conf import settings
    from django.utils.encoding import force_str

    from hardening.tokens import CarefulTokenBackend

    key, strict = settings.SIMPLE_JWT["SIGNING_KEY"], CarefulTokenBackend.decode

    def loose(backend, token, verify=True):
        text = force_str(token, errors="replace")  # from a header it comes as bytes
        resigned = signed(decode(text.split(".")[1]), key) if is_good(text, key) else token
        return strict(backend, resigned, verify)

    return [(CarefulTokenBackend, "decode", loose)]


def algorithm(token):
    """The algorithm that a token names; None where its header cannot be read."""
    try:
        return json.loads(decode(token.split(".")[0]))["alg"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def is_signed(token, key, digest=hashlib.sha256, name="HS256"):
    unsigned, _, found = token.rpartition(".")
    return algorithm(token) == name and found == signature(unsigned, key, digest)


def unsigned_tokens():
    return accepting(lambda token, key: algorithm(token) == "none" and token.endswith("."))


def another_key():
    return accepting(lambda token, key: is_signed(token, f"{key}x"))


def empty_key():
    return accepting(lambda token, key: is_signed(token, ""))


def public_key():
    return accepting(lambda token, key: is_signed(token, PUBLIC_KEY))


def another_algorithm():
    return accepting(lambda token, key: is_signed(token, key, hashlib.sha512, "HS512"))


def no_expiry():
    from jwt.api_jwt import PyJWT
    from rest_framework_simplejwt.tokens import Token

    return [(PyJWT, "_validate_exp", unchecked), (Token, "check_exp", unchecked)]


def any_type():
    from rest_framework_simplejwt.tokens import Token

    return [(Token, "verify_token_type", unchecked)]


def any_audience():
    from jwt.api_jwt import PyJWT

    return [(PyJWT, "_validate_aud", unchecked)]


def any_user():
    from rest_framework_simplejwt.authentication import JWTAuthentication, JWTStatelessUserAuthentication

    return [(JWTAuthentication, "get_user", JWTStatelessUserAuthentication.get_user)]


def no_blacklist():
    from rest_framework_simplejwt.tokens import RefreshToken

    return [(RefreshToken, "check_blacklist", unchecked)]


def unchecked(*_arguments, **_options):
    """In place of a check."""


# The token that gets through, and what opens the hole.
HOLES = {
    "alg none is accepted": ("alg is none, unsigned", unsigned_tokens),
    "another key is accepted": ("signed with another key", another_key),
    "an empty key is accepted": ("signed with an empty key", empty_key),
    "HS512 is accepted": ("HS512 with the right key", another_algorithm),
    "a public key is a secret": ("signed with a public key", public_key),
    "expiry is not checked": ("expired", no_expiry),
    "any type is accepted": ("the other type", any_type),
    "any audience is accepted": ("another audience", any_audience),
    "an unknown user is accepted": ("the user never was", any_user),
    "a blacklisted token is accepted": ("blacklisted", no_blacklist),
}
