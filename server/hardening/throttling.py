"""How many failed logins are too many.

Only failures count, and they count for an account *at an address*: whoever fails in your name is refused, and you are
not; whoever sits behind the same router, too, is not.
"""

import hashlib
import logging
import math
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

from hardening.models import FailedLogin

WINDOW = timedelta(minutes=1)
LIMIT = 10  # failures of one account at one address
STRICT_LIMIT = 3  # the same, while that address fails more often than a class that mistypes
FEWEST_AT_ADDRESS = 100  # failures from one address; with many accounts STRICT_LIMIT for each of them

logger = logging.getLogger(__name__)


def seconds_to_wait(request, username):
    """The whole seconds until this account may log in again from the request's address; 0 when it may now."""
    names, now = hashed(request, username), timezone.now()
    lately = FailedLogin.objects.filter(at__gt=now - WINDOW)
    times = list(lately.filter(account=names["account"]).order_by("-at").values_list("at", flat=True)[:LIMIT])
    if len(times) < STRICT_LIMIT:
        return 0
    limit = STRICT_LIMIT if lately.filter(address=names["address"]).count() >= most_at_address() else LIMIT
    # The account is free again when so many failures are forgotten that fewer than the limit are left.
    return math.ceil((times[limit - 1] + WINDOW - now).total_seconds()) if len(times) >= limit else 0


def most_at_address():
    """The failures in one window that a class of all accounts behind one address may cause by mistyping."""
    return max(FEWEST_AT_ADDRESS, STRICT_LIMIT * get_user_model().objects.count())


def count_failure(request, username):
    """Remember a failed login, and forget those that count no more."""
    now = timezone.now()
    try:
        FailedLogin.objects.filter(at__lte=now - WINDOW).delete()
        FailedLogin.objects.create(**hashed(request, username), at=now)
    except DatabaseError as error:
        logger.warning("A failed login was not counted: %s.", type(error).__name__)


def hashed(request, username):
    """The names under which a failure is counted."""
    # X-Forwarded-For is read only behind NUM_PROXIES proxies: anybody can write that header.
    address = BaseThrottle().get_ident(request)
    return {"address": digest(address), "account": digest(address, username)}


def digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()
