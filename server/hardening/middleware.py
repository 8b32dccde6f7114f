"""What holds for every response, whichever view or part of Django gives it."""

import json

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import JsonResponse
from django.middleware.common import CommonMiddleware as DjangoCommonMiddleware
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework_simplejwt.views import TokenViewBase

from hardening.exceptions import BodyTooLarge, TooManyFailedLogins
from hardening.throttling import count_failure

# What Django says in a page, said to a program: a sentence and a code.
REASONS = {
    400: ("This request cannot be read.", "bad_request"),
    403: ("You may not do this here.", "permission_denied"),
    404: ("There is nothing at this address.", "not_found"),
    405: ("This address does not accept this method.", "method_not_allowed"),
}
CHUNK = 65_536  # bytes


class JsonErrors:
    """A refusal is JSON for whoever did not ask for a web page, also where no view was reached.

    A request that Django cannot read is answered in JSON in any case: with DEBUG, Django's page shows the settings.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if content_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            discard_body(request)
            return refusal(BodyTooLarge())
        if not has_readable_query(request):
            return refusal(
                ParseError({"detail": "The query has too many fields.", "code": "too_many_fields"})
            )
        response = self.get_response(request)
        if is_refusal_of_django(response) and (response.status_code == 400 or not wants_page(request)):
            rewrite(response, *explanation(request, response.status_code))
        return response

    def process_exception(self, request, exception):
        """Too many failed logins, from a view that is Django's: the admin's, the browsable API's."""
        return refusal(exception) if isinstance(exception, TooManyFailedLogins) else None


class CommonMiddleware(DjangoCommonMiddleware):
    """Redirects a GET to the address with a slash at its end, and no other method.

    A redirect would lose the body of a POST. To say so, Django raises an error, which in development is a 500.
    """

    def should_redirect_with_slash(self, request):
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)


def no_store(get_response):
    """Responses of the token endpoints are never kept by a cache (RFC 6749, section 5.1)."""

    def middleware(request):
        response = get_response(request)
        view = getattr(request.resolver_match, "func", None)
        if issubclass(getattr(view, "cls", object), TokenViewBase):
            patch_cache_control(response, no_store=True)
        return response

    return middleware


def count_failed_logins(get_response):
    """Count a failed login when the view is over: with ATOMIC_REQUESTS, the view's rollback would undo the count."""

    def middleware(request):
        response = get_response(request)
        if hasattr(request, "failed_login"):
            count_failure(request, request.failed_login)
        return response

    return middleware


def content_length(request):
    """The announced length of the body; 0 for what is no number."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    return int(announced) if announced.isdecimal() and len(announced) < 20 else 0


def has_readable_query(request):
    """Whether Django can read the query. Its own page on the error reads it again, which is a 500."""
    try:
        return request.GET is not None
    except TooManyFieldsSent:
        return False


def discard_body(request):
    """Read the body and drop it: a client that is still sending would see a broken connection, and no response."""
    while request.read(CHUNK):
        pass


def is_refusal_of_django(response):
    """Whether this is one of Django's own pages, and not a response of a DRF view."""
    is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
    return response.status_code in REASONS and is_page and not isinstance(response, Response)


def wants_page(request):
    return "text/html" in request.headers.get("Accept", "")


def explanation(request, status):
    detail, code = REASONS[status]
    with_slash = f"{request.path_info}/"
    if status == 404 and settings.APPEND_SLASH and is_valid_path(with_slash):
        detail += f" Did you mean {with_slash} with a slash at its end?"
    return detail, code


def rewrite(response, detail, code):
    """Replace the page by JSON; the status and the other headers stay."""
    response.content = json.dumps({"detail": detail, "code": code})
    response["Content-Type"] = "application/json"
    response["Content-Length"] = str(len(response.content))


def refusal(exception):
    """The response to one of our refusals, made outside any view of DRF."""
    headers = {"Retry-After": str(exception.wait)} if hasattr(exception, "wait") else {}
    return JsonResponse(exception.detail, status=exception.status_code, headers=headers)
