"""The flight recorder: notes every request that reaches the server, while TOKEN_LAB is on."""

import json
import logging
import time

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed

from lab import gates
from lab.record import MARK, describe
from lab.ring import ring

# The page's own addresses, and the styles of other pages: recorded, each look at a page would fill the recorder.
OWN = ("/lab/", "/static/")

logger = logging.getLogger(__name__)


class FlightRecorder:
    """Records around the rest of the server. It changes no request, and only the page's own responses get a header more."""

    def __init__(self, get_response):
        if not settings.TOKEN_LAB:
            raise MiddlewareNotUsed
        gates.install()
        self.get_response = get_response

    def __call__(self, request):
        began, start = time.time(), time.perf_counter()
        with gates.watching() as reads:
            response = self.get_response(request)
        if not request.path_info.startswith(OWN):
            note(request, response, reads, began=began, seconds=time.perf_counter() - start)
        return response


def note(request, response, reads, **times):
    """Record the request, and answer a page's mark. A fault of the recorder must never become a fault of the response."""
    try:
        passage = gates.passage(request, response, reads)
        if MARK in request.headers:
            response[MARK] = json.dumps(passage._asdict())
        record = describe(request, response, passage, **times)
        ring().add(record, share_of(record))
    except Exception as error:
        logger.warning("A request was not recorded: %s.", type(error).__name__)


def share_of(record):
    """Whose part of the recorder's memory it takes: a machine's, or on one machine a person's."""
    known = record["user_id"] if record["proof"] in ("authenticated", "issued") else ""
    return f"{record['address']} {known}"
