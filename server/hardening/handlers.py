"""How an exception in a view becomes a response."""

import re

from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions, views
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.views import TokenViewBase

from hardening.exceptions import BodyTooLarge
from hardening.renderers import answer_in_json

# The codes of a 401 that speak of a token: it was presented, read, and rejected.
ABOUT_A_TOKEN = ("token_not_valid", "user_not_found", "user_inactive", "password_changed")


def exception_handler(exception, context):
    """The response to an exception in any view; None for one that no request should be able to cause."""
    view, request = context["view"], context["request"]
    refusal = as_refusal(exception, view)
    if isinstance(refusal, exceptions.AuthenticationFailed) and not hasattr(refusal, "auth_header"):
        refusal.auth_header = view.get_authenticate_header(request)
    response = views.exception_handler(refusal, context)
    if response is None:
        return None
    answer_in_json(request)
    return with_reason(response)


def as_refusal(exception, view):
    """The refusal that an exception means. What is not named here is a fault of the server, and stays a 500."""
    if isinstance(exception, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(exception, SuspiciousOperation | BadRequest | MultiPartParserError):
        # Django's own words for a request that it will not read: too many fields, a broken form, an unknown host.
        return exceptions.ParseError("The request cannot be read.")
    if isinstance(exception, UnreadablePostError):
        return exceptions.ParseError("The body of this request did not arrive whole.")
    if isinstance(exception, get_user_model().DoesNotExist) and isinstance(view, TokenViewBase):
        # simplejwt's refresh loads the token's user and does not expect that there is none.
        return AuthenticationFailed("No active account found for the given token.", "no_active_account")
    return exception


def with_reason(response):
    """The response; where a token was rejected, WWW-Authenticate says why (RFC 6750, section 3)."""
    challenge = response.get("WWW-Authenticate")
    data = response.data if isinstance(response.data, dict) else {}
    if challenge and data.get("code") in ABOUT_A_TOKEN:
        messages = data.get("messages")  # one for each token class
        sentence = messages[0]["message"] if messages else data["detail"]
        quotable = re.sub(r'[^\x20-\x7e]|["\\]', "'", str(sentence))  # what RFC 6750 allows in a description
        response["WWW-Authenticate"] = f'{challenge}, error="invalid_token", error_description="{quotable}"'
    return response
