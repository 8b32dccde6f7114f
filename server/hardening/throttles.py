"""How many failed logins are too many.

Only failures count, so a class that logs in from one address is never slowed down. They count per account *and*
address: a stranger who fails in your name closes the door for the stranger, and not for you.
"""

import hashlib
import math
import time
from itertools import chain

from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

WINDOW = 60  # seconds
PER_ACCOUNT = 10  # failures of one account from one address
PER_ADDRESS = (
    100  # failures from one address: a whole class mistypes, and nobody guesses through every account
)


class FailedLogins:
    """The failed logins of the last minute that count for this account at this request's address.

    Each failure takes a place in the cache for a minute. `cache.add` gives a place once, whichever worker asks; two
    workers that counted up one number could lose a failure between them.
    """

    def __init__(self, request, account):
        # X-Forwarded-For is read only behind NUM_PROXIES proxies: anybody can write that header.
        address = BaseThrottle().get_ident(request)
        self.lately = name(address)
        self.groups = [places(PER_ADDRESS, address), places(PER_ACCOUNT, address, account)]
        # To ask for every place takes a millisecond, and mostly nobody has failed.
        self.taken = cache.get_many(chain(*self.groups)) if cache.get(self.lately) else {}

    def wait(self):
        """The whole seconds until a place is free in every group; 0 when there is one now."""
        full = [group for group in self.groups if all(place in self.taken for place in group)]
        free_at = max((min(self.taken[place] for place in group) for group in full), default=0)
        return math.ceil(max(free_at - time.time(), 1)) if full else 0

    def add(self):
        """Take a place in every group."""
        until = time.time() + WINDOW
        cache.set(self.lately, True, WINDOW + 1)  # first, and a second longer: it must outlive every place
        for group in self.groups:
            any(cache.add(place, until, WINDOW) for place in group if place not in self.taken)


def places(count, *whose):
    """The names of that many places in the cache."""
    prefix = name(*whose)
    return [f"{prefix}-{number}" for number in range(count)]


def name(*whose):
    """A name in the cache. It is hashed: a username may be of any length, and is private."""
    return f"failed-login-{hashlib.sha256(repr(whose).encode()).hexdigest()}"
