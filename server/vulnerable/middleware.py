"""Marks every response of a vulnerable server, and keeps such a server on this machine."""

import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1:", "[::1]:")
FAULT = (
    "This server is vulnerable on purpose, so it serves this machine only, and ends with the program that started it: "
    "manage.py runserver --noreload --stop-with-parent 127.0.0.1:0"
)


class Marked:
    """Names the hole in a header of every response, and at the top of every page.

    It is made before the server listens: started in any other way, or for any other address, there is no server.
    """

    def __init__(self, get_response):
        if not is_kept_here(sys.argv[1:]):
            raise ImproperlyConfigured(FAULT)
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["X-Vulnerable"] = settings.VULNERABLE
        if response.get("Content-Type", "").startswith("text/html") and not response.has_header(
            "Content-Encoding"
        ):
            response.content = MARK.format(settings.VULNERABLE).encode() + response.content
            response["Content-Length"] = str(len(response.content))
        return response


MARK = "<!doctype html><p role='alert'><strong>VULNERABLE on purpose: {}</strong></p>"


def is_kept_here(arguments):
    """Whether these arguments of manage.py serve a loopback address, and end the server with its parent."""
    command, *rest = arguments or [""]
    addresses = [each for each in rest if not each.startswith("-")]
    on_loopback = len(addresses) == 1 and addresses[0].startswith(LOOPBACK)
    return command == "runserver" and on_loopback and "--stop-with-parent" in rest
