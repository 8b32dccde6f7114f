"""The flight recorder: notes every request that reaches the server, while TOKEN_LAB is on."""

import logging
import time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed

from lab.record import describe
from lab.ring import ring

# The page's own addresses, and the styles of other pages: recorded, each look at a page would fill the recorder.
OWN = ("/lab/", "/static/")

logger = logging.getLogger(__name__)


class FlightRecorder:
    """Records around the rest of the server, and changes neither the request nor the answer."""

    def __init__(self, get_response):
        if not settings.TOKEN_LAB:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        began, start = time.time(), time.perf_counter()
        response = self.get_response(request)
        if not request.path_info.startswith(OWN):
            note(request, response, began=began, seconds=time.perf_counter() - start)
        return response


def note(request, response, **times):
    """Record the request. A fault of the recorder must never become a fault of the answer."""
    try:
        ring().add(describe(request, response, **times))
    except Exception as error:
        logger.warning("A request was not recorded: %s.", type(error).__name__)
