"""What one sees of a token without its key: decoded, never verified, and never the token itself."""

import base64
import json
import math
import re
from typing import NamedTuple

LONGEST = 16_384  # characters; what is longer is no token of ours
KINDS = ("access", "refresh", "sliding")
JTI = re.compile(r"[0-9a-f]{32}")
USER_ID = re.compile(r"\d{1,12}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FARTHEST = 10**11  # seconds since 1970: no honest expiry is later


class Sighting(NamedTuple):
    """A token as others may see it. What does not look like simplejwt's own value is left out."""

    kind: str  # "access", "refresh", "sliding", or "unreadable"
    jti: str | None = None
    expiry: float | None = None
    user_id: str | None = None


def sight(encoded):
    """The sighting of an encoded token; anything else is "unreadable"."""
    claims = decode(encoded) or {}
    kind = claims.get("token_type")
    return Sighting(
        kind if kind in KINDS else "unreadable",
        matching(JTI, claims.get("jti")),
        number(claims.get("exp")),
        matching(USER_ID, claims.get("user_id", claims.get("sub"))),
    )


def decode(encoded):
    """The payload as a dict, or None."""
    parts = encoded.split(".")
    if len(parts) != 3 or len(encoded) > LONGEST:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def matching(pattern, value):
    """The value as text when all of it has that form. A claim may hold anything, a password too."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    try:
        return str(value) if pattern.fullmatch(str(value)) else None
    except ValueError:  # an integer with thousands of digits has no text
        return None


def number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) and abs(value) < FARTHEST else None
