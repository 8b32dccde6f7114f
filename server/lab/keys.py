"""Which key the signature of a token was verified with. Nothing is guessed: it is noted where PyJWT verifies."""

import re
from contextvars import ContextVar
from functools import wraps
from typing import NamedTuple

import jwt
from jwt.algorithms import get_default_algorithms

KID = re.compile(r"[\w.-]{1,64}")  # a thumbprint has 43 characters

_fitting = ContextVar("fitting", default=None)


class Key(NamedTuple):
    """The key by its name, and whether the server signs with it now; if not, it is kept to verify older tokens."""

    kid: str
    signs: bool


def install():
    """Let every algorithm note the key that a signature fits. To call it twice changes nothing."""
    for kind in {type(algorithm) for algorithm in get_default_algorithms().values()}:
        if not hasattr(kind.verify, "__wrapped__"):
            kind.verify = noting(kind.verify)


def noting(verify):
    @wraps(verify)
    def verify_and_note(self, msg, key, sig):
        fits = verify(self, msg, key, sig)
        if fits:
            _fitting.set(key)
        return fits

    return verify_and_note


def forget():
    """Begin to read a token: no key has fitted yet."""
    _fitting.set(None)


def fitting():
    """The key that a signature has fitted since, or None."""
    return _fitting.get()


def named(key, token, encoded):
    """What may be said of the key that this token's signature fitted; None where the token names no key.

    Only because the signature fits is the name to be believed: it is a part of what was signed.
    """
    kid = jwt.get_unverified_header(encoded).get("kid")
    if not isinstance(kid, str) or not KID.fullmatch(kid):
        return None
    backend = token.get_token_backend()
    return Key(kid, bool(backend.signing_key) and public(backend.prepared_signing_key) == public(key))


def public(key):
    """The public half of a key pair; a shared secret as it is."""
    return key.public_key() if hasattr(key, "public_key") else key
