"""Validates the claims of every token, whichever view or class reads it."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.utils import datetime_from_epoch

from hardening.parsers import too_deep

LONGEST_ID = 255  # as many characters as the blacklist's table keeps


class CarefulTokenBackend:
    """Decodes as the server's own backend does, and rejects claims that simplejwt's code could not use.

    A correct signature says who wrote the claims, and nothing about their types.
    """

    def __init__(self, backend):
        self.backend = backend

    def __getattr__(self, name):
        return getattr(self.backend, name)

    def decode(self, token, verify=True):
        claims = self.backend.decode(token, verify)
        fault = claims_fault(claims) if verify else None
        if fault:
            raise TokenError(fault)
        return claims


def claims_fault(claims):
    """A sentence on what makes these claims unusable, or None."""
    if too_deep(claims):
        return "Token is nested too deeply"
    for claim, usable in RULES.items():
        if claim in claims and not usable(claims[claim]):
            return f"Token has an unusable '{claim}' claim"
    return missing_claim(claims)


def missing_claim(claims):
    """The library's own sentence for a missing claim. The blacklist would read the claim before the library checks it."""
    if "exp" not in claims:
        return "Token has no 'exp' claim"
    if api_settings.JTI_CLAIM and api_settings.JTI_CLAIM not in claims:
        return "Token has no id"
    is_refresh = claims.get(api_settings.TOKEN_TYPE_CLAIM) == RefreshToken.token_type
    if is_refresh and not claims.get(api_settings.USER_ID_CLAIM):
        # For an access token the library checks this itself. From a refresh token it would make an access token.
        return "Token contained no recognizable user identification"
    return None


def is_time(value):
    """Whether the value is a number of seconds that a date can hold."""
    try:
        datetime_from_epoch(value)
    except (TypeError, ValueError, OverflowError, OSError):
        return False
    return not isinstance(value, bool)


def is_text(value):
    """Whether the value is text that every database can store."""
    return isinstance(value, str) and len(value) <= LONGEST_ID and "\0" not in value and is_utf8(value)


def is_utf8(text):
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def is_user_id(value):
    """Whether a user could have this id. None is a missing one."""
    if value is None:
        return True
    if isinstance(value, bool) or not (isinstance(value, int) or is_text(value)):
        return False
    try:
        user_id_field().to_python(value)
    except ValidationError:
        return False
    return True


def user_id_field():
    meta = get_user_model()._meta
    name = api_settings.USER_ID_FIELD
    return meta.pk if name == "pk" else meta.get_field(name)


RULES = {
    "exp": is_time,
    "iat": is_time,
    "nbf": is_time,
    "iss": lambda value: isinstance(value, str),
    api_settings.JTI_CLAIM: is_text,
    api_settings.USER_ID_CLAIM: is_user_id,
}


def from_settings(kind):
    """A token backend of this class with the values of SIMPLE_JWT, as simplejwt's state.py makes its own."""
    names = "ALGORITHM SIGNING_KEY VERIFYING_KEY AUDIENCE ISSUER JWK_URL LEEWAY JSON_ENCODER"
    return kind(*(getattr(api_settings, name) for name in names.split()))


def install():
    """Let every token class use a careful backend: a patch, because simplejwt has no setting for it.

    It goes around the backend that a token asks for, so a project may put its own into `simplejwt.state`.
    """
    own_backend = Token.get_token_backend
    Token.get_token_backend = lambda token: CarefulTokenBackend(own_backend(token))
