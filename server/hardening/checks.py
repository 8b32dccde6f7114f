"""System checks of SIMPLE_JWT. simplejwt accepts each of these mistakes without a word."""

import difflib
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.checks import Tags, Warning, register
from rest_framework_simplejwt.settings import DEFAULTS

LIFETIMES = [name for name, default in DEFAULTS.items() if isinstance(default, timedelta)]

# Bytes. RFC 7518, section 3.2: a key at least as long as the hash.
SHORTEST_KEY = {"HS256": 32, "HS384": 48, "HS512": 64}


@register(Tags.security)
def check_simple_jwt(app_configs, **kwargs):
    """A warning for each mistake in SIMPLE_JWT. Warnings do not stop the server."""
    return list(faults(getattr(settings, "SIMPLE_JWT", {})))


def faults(simple_jwt) -> Iterator[Warning]:
    """A warning for each fault of these settings. No value that may be a key is ever repeated."""
    for name in simple_jwt:
        if name not in DEFAULTS:
            yield unknown(str(name))
    for name in LIFETIMES:
        if not isinstance(simple_jwt.get(name, timedelta()), timedelta):
            yield Warning(
                f"{name} is no timedelta: the first login will fail.",
                hint=f"Write timedelta(seconds={simple_jwt[name]!r}).",
                id="hardening.W002",
            )
    if not isinstance(simple_jwt.get("LEEWAY"), int | float | timedelta | None):
        yield Warning(
            f"LEEWAY is {simple_jwt['LEEWAY']!r}: every token will be rejected as invalid.",
            hint="Write a number of seconds, without quotes.",
            id="hardening.W003",
        )
    yield from key_faults(simple_jwt)
    if not isinstance(simple_jwt.get("ISSUER"), str | None):
        yield Warning(
            "ISSUER is no text: the first login will fail.",
            hint="One server has one name. Only AUDIENCE may be a list.",
            id="hardening.W005",
        )


def unknown(name) -> Warning:
    """The warning for a setting that simplejwt does not have, with the nearest that it has."""
    nearest = difflib.get_close_matches(name.upper(), DEFAULTS, n=1)
    return Warning(
        f"SIMPLE_JWT has {name!r}, and simplejwt has no such setting: it is ignored.",
        hint=f"Did you mean {nearest[0]}?" if nearest else "Delete it, or look its name up.",
        id="hardening.W001",
    )


def key_faults(simple_jwt) -> Iterator[Warning]:
    """A warning for an HMAC key that is shorter than the hash."""
    algorithm = str(simple_jwt.get("ALGORITHM", DEFAULTS["ALGORITHM"]))
    wanted = SHORTEST_KEY.get(algorithm, 0)
    key = simple_jwt.get("SIGNING_KEY", DEFAULTS["SIGNING_KEY"])
    key = key.encode() if isinstance(key, str) else key
    length = len(key) if isinstance(key, bytes) else 0
    if length < wanted:
        yield Warning(
            f"SIGNING_KEY has {length} bytes, and {algorithm} wants {wanted} at least: it can be guessed.",
            hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(64))"',
            id="hardening.W004",
        )
