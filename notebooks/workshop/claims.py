"""Read a token without trusting it: no signature is checked here, and no key is needed."""

import base64
import json
from typing import Any

from .errors import WorkshopError


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The header and the claims, decoded, and the signature as it is written. Trust none of them.

    Raises `WorkshopError` for text that is no token in three parts (RFC 7519, compact form).
    """
    pieces = token.split(".") if isinstance(token, str) else []
    if len(pieces) != 3:
        found = f"{len(pieces)} parts" if pieces else f"a {type(token).__name__}"
        raise WorkshopError(
            f"This is no token: a token is text in three parts with dots between them, not {found}."
        )
    try:
        header, claims = (
            json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4))) for piece in pieces[:2]
        )
    except (ValueError, RecursionError) as error:
        raise WorkshopError(
            f"This is no token: its header or payload cannot be decoded ({error})."
        ) from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise WorkshopError("This is no token: its header and its payload must each be a JSON object.")
    return header, claims, pieces[2]


def claims_or_none(token: str) -> dict[str, Any]:
    """The claims; none for text that is no token. Enough to tell which token it is."""
    try:
        return parts(token)[1]
    except WorkshopError:
        return {}


def expiry(token: str) -> int:
    """The claim `exp`: the instant the token dies, in seconds since 1970."""
    found = parts(token)[1].get("exp")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise WorkshopError(f"This token has no time in its claim exp: found {found!r}.")
    return int(found)


def issued(token: str) -> int | None:
    """The claim `iat`: the second in which the token was issued; None when it does not say."""
    found = parts(token)[1].get("iat")
    known = isinstance(found, int | float) and not isinstance(found, bool)
    return int(found) if known else None
