"""Step 03: how long a token lives, and by whose clock."""

import base64
import json


def claims_of(token: str) -> dict:
    """The claims of a token, decoded as in step 02. Nothing is verified. This function is ready to use."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def seconds_left(token: str, now: float) -> float:
    """Seconds from `now` until the token's expiry, its claim `exp`; 0 when that is past.

    Before `iat` it counts all the same, and so it does for a token whose signature does not fit.
    `now` is the clock: seconds since 1970, as `time.time()` gives them. Ask no other clock.
    """
    raise NotImplementedError("step 03: the claim exp is a number of seconds, too")


def is_alive(token: str, now: float, leeway: float = 0) -> bool:
    """Whether a server whose clock shows `now` accepts the times in this token, its `iat` and its `exp`.

    It does from `iat` on, and for as long as `now` is before `exp`: on `exp` itself the token is dead.
    Neither the kind of the token matters here nor whether its signature fits.
    `leeway` is how many seconds, or parts of one, the clocks may differ. The token is then accepted
    that much earlier than `iat`, and that much longer than `exp`.
    """
    raise NotImplementedError("step 03: two comparisons, and leeway moves both")


def shortest_and_longest(lifetime: int) -> tuple[float, float]:
    """How long tokens with this lifetime really live, in seconds: longer than the first number, at most the second.

    The second number is for a token that is issued as its second begins, and the first for one that would be issued
    at the very end of it, as the next begins.

    `exp` is a whole number: the second in which the token was issued, its fraction cut off, plus the lifetime.
    """
    raise NotImplementedError("step 03: one token is issued as its second begins, one at the very end of it")
