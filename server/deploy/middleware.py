"""Middleware of a shop behind a proxy."""

import logging
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import JsonResponse

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
)
PATIENCE = 2  # seconds that a client should wait before it tries again

logger = logging.getLogger("deploy.request")


def forwarded_by_the_proxy(get_response):
    """X-Forwarded-* is believed from settings.TRUSTED_PROXIES alone. From anybody else it is removed.

    The setting is a list of addresses; "unix" is whoever connects through a socket file, and "*" is everybody.
    """

    def middleware(request):
        sender = request.META.get("REMOTE_ADDR") or "unix"
        if not {sender, "*"}.intersection(settings.TRUSTED_PROXIES):
            for name in FORWARDED:
                request.META.pop(name, None)
        return get_response(request)

    return middleware


def request_log(get_response):
    """A line in the log for each request, with the headers that settings.LOGGED_HEADERS names.

    The query is left out: people put tokens there.
    """

    def middleware(request):
        began = time.perf_counter()
        response = get_response(request)
        fields = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            "headers": {name: request.headers.get(name) for name in settings.LOGGED_HEADERS},
        }
        logger.info("%s %s", request.method, request.path, extra={"fields": fields})
        return response

    return middleware


class DatabaseAway:
    """A database that does not answer is a 503 that says when to try again. The next request tries anew."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        logger.error("The database does not answer: %s", type(exception).__name__)
        body = {
            "detail": f"The shop is not available. Try again in {PATIENCE} seconds.",
            "code": "unavailable",
        }
        return JsonResponse(body, status=503, headers={"Retry-After": str(PATIENCE)})
