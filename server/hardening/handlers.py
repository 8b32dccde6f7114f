"""How an exception in a view becomes an answer."""

from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions, views
from rest_framework_simplejwt.exceptions import AuthenticationFailed
from rest_framework_simplejwt.views import TokenViewBase

from hardening.challenges import explained
from hardening.exceptions import BodyTooLarge
from hardening.renderers import answer_in_json


def exception_handler(exception, context):
    """The answer to an exception in any view; None for one that no request should be able to cause."""
    view, request = context["view"], context["request"]
    refusal = as_refusal(exception, view)
    if isinstance(refusal, exceptions.AuthenticationFailed) and not hasattr(refusal, "auth_header"):
        refusal.auth_header = view.get_authenticate_header(request)
    response = views.exception_handler(refusal, context)
    if response is None:
        return None
    answer_in_json(request)
    return explained(response)


def as_refusal(exception, view):
    """The refusal that an exception means. Each kind is named: what is not is a fault of ours, and stays a 500."""
    if isinstance(exception, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(exception, SuspiciousOperation | BadRequest | MultiPartParserError):
        # Django's own words for a request that it will not read: too many fields, a broken form, a false host.
        return exceptions.ParseError("The request cannot be read.")
    if isinstance(exception, UnreadablePostError):
        return exceptions.ParseError("The body of this request did not arrive whole.")
    if isinstance(exception, get_user_model().DoesNotExist) and isinstance(view, TokenViewBase):
        # A refresh asks for the token's user without asking whether there still is one.
        return AuthenticationFailed("No active account found for the given token.", "no_active_account")
    return exception
