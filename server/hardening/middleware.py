"""What holds for every answer, whichever view or part of Django gives it."""

import json

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import JsonResponse
from django.middleware.common import CommonMiddleware as DjangoCommonMiddleware
from django.urls import is_valid_path
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework_simplejwt.views import TokenViewBase

from hardening.exceptions import BodyTooLarge, TooManyFailedLogins

# Django's own pages, in the words of an API: a sentence and a code.
REASONS = {
    400: ("This request cannot be read.", "bad_request"),
    403: ("You may not do this here.", "permission_denied"),
    404: ("There is nothing at this address.", "not_found"),
    405: ("This address does not answer this method.", "method_not_allowed"),
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
    """Sends a reader on to the address with a slash at its end, and nobody who writes.

    A redirect would lose the body of a POST; to say so, Django raises an error, which in development is a 500.
    """

    def should_redirect_with_slash(self, request):
        return request.method in ("GET", "HEAD") and super().should_redirect_with_slash(request)


def no_store(get_response):
    """Answers of the token endpoints are never kept by a cache (RFC 6749, section 5.1)."""

    def middleware(request):
        response = get_response(request)
        view = getattr(request.resolver_match, "func", None)
        if issubclass(getattr(view, "cls", object), TokenViewBase):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def content_length(request):
    """The announced length of the body; 0 for what is no number."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    return int(announced) if announced.isdecimal() and len(announced) < 20 else 0


def has_readable_query(request):
    """Whether Django can read the query. It reads it again to explain that it cannot, and there no handler is left."""
    try:
        return request.GET is not None
    except TooManyFieldsSent:
        return False


def discard_body(request):
    """Read the body and forget it: a client that is still sending would see a broken connection, and no answer."""
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
    """Give a page's answer another body; its status and its other headers stay."""
    response.content = json.dumps({"detail": detail, "code": code})
    response["Content-Type"] = "application/json"
    response["Content-Length"] = str(len(response.content))


def refusal(exception):
    """The answer to one of our refusals, given before or outside any view of DRF."""
    headers = {"Retry-After": str(exception.wait)} if hasattr(exception, "wait") else {}
    return JsonResponse(exception.detail, status=exception.status_code, headers=headers)
