"""What a token must be answered with: refused with a reason, or accepted."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Expected:
    """A refusal with this status, this code and one of these sentences; without a status, the token is accepted.

    Where a refusal has no code of its own, `code` is None, and any will do.
    """

    status: int | None = None
    code: str | None = None
    sentences: tuple[str, ...] = ()

    def fault(self, response):
        """A sentence on how the response differs, or None."""
        if self.status is None:
            return (
                None if response.status < 300 else f"refused with {described(response)}, and it is acceptable"
            )
        if response.status < 300:
            return f"ACCEPTED with {response.status}"
        right = response.status == self.status and response.reason() in self.sentences
        if right and self.code in (None, response.code()):
            return None
        return f"{described(response)}, wanted {self.status} {self.code} {' or '.join(self.sentences)}"


def described(response):
    return f"{response.status} {response.code()} {response.reason()}"


class Outcome(NamedTuple):
    """What each kind of endpoint must do with one token."""

    present: Expected
    refresh: Expected
    blacklist: Expected
    verify: Expected


def refused(*sentences, code="token_not_valid", status=401):
    return Expected(status, code, sentences)


def everywhere(*sentences):
    """Refused by every endpoint with one of these sentences."""
    return Outcome(*[refused(*sentences)] * 4)


def unusable(claim):
    return everywhere(f"Token has an unusable '{claim}' claim")


ACCEPT = Expected()
ACCEPTED = Outcome(*[ACCEPT] * 4)
INVALID = everywhere("Token is invalid")
EXPIRED = everywhere("Token is expired")
TOO_DEEP = everywhere("Token is nested too deeply")
# How deep Python itself can decode depends on its version.
UNREADABLY_DEEP = everywhere("Token is invalid", "Token is nested too deeply")

# /verify/ looks at no type and at no user.
WRONG_TYPE = everywhere("Token has wrong type")._replace(verify=ACCEPT)
NO_TYPE = everywhere("Token has no type")._replace(verify=ACCEPT)
NO_ACCOUNT = "No active account found for the given token."
UNKNOWN = Outcome(
    present=refused("User not found", code="user_not_found"),
    refresh=refused(NO_ACCOUNT, code="no_active_account"),
    blacklist=ACCEPT,
    verify=ACCEPT,
)
INACTIVE = UNKNOWN._replace(
    present=refused("User is inactive", code="user_inactive"), refresh=refused(NO_ACCOUNT, code=None)
)
NO_USER = everywhere("Token contained no recognizable user identification")
BLACKLISTED = everywhere("Token is blacklisted")._replace(
    verify=refused("Token is blacklisted", code=None, status=400)
)
# The serializer of a body refuses a NUL before anybody reads the token.
NUL = INVALID._replace(
    **dict.fromkeys(
        ("refresh", "blacklist", "verify"),
        refused("Null characters are not allowed.", code=None, status=400),
    )
)


def nobody(token_type, present):
    """What a token without a user gets. An access token may be verified: that asks for no user."""
    return NO_USER if token_type == "refresh" else Outcome(present, *NO_USER[1:3], verify=ACCEPT)  # noqa: S105
