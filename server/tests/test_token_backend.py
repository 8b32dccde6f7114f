"""The checks of claims go around whatever backend a project puts into simplejwt's place for it."""

import time

import pytest
from rest_framework_simplejwt import state
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.tokens import AccessToken

from lab import gates

CLAIMS = {"token_type": "access", "exp": int(time.time()) + 86_400, "jti": "j", "user_id": "1"}


@pytest.fixture
def own(monkeypatch):
    """A backend of the project's own, with another key."""
    backend = TokenBackend("HS256", "k" * 64)
    monkeypatch.setattr(state, "token_backend", backend)
    return backend


@pytest.mark.parametrize("claims", [{"user_id": ["1"]}, {"exp": 1e308}, {"jti": "a\0b"}], ids=str)
def test_an_own_backend_keeps_the_checks(own, claims):
    with pytest.raises(TokenError, match=f"unusable '{next(iter(claims))}' claim"):
        AccessToken(own.encode(CLAIMS | claims))


def test_an_own_backend_signs_and_verifies(own):
    assert AccessToken(own.encode(CLAIMS))["user_id"] == "1"
    assert own.decode(str(AccessToken()))["token_type"] == "access"


def test_the_token_lab_says_that_a_key_is_missing(own, monkeypatch):
    def get_verifying_key(token):
        raise TokenBackendError("Token is invalid")

    token = own.encode(CLAIMS)
    monkeypatch.setattr(own, "get_verifying_key", get_verifying_key)
    with pytest.raises(TokenError) as raised:
        AccessToken(token)
    found = gates.stopped(raised.value)
    assert (found.gate, found.why, found.passed) == ("signature", "key", ("header", "parts"))
