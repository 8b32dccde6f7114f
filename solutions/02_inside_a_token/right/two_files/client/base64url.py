"""base64url as tokens have it: without padding, and strict."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def decode(part: str) -> bytes:
    data = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if encode(data)[:-1] != part[:-1] or "=" in part:  # the last letter may have spare bits
        raise ValueError("no base64url")
    return data


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
