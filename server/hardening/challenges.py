"""The header WWW-Authenticate of a refusal, as RFC 6750 asks for it."""

import re

# The codes of a 401 that speak of a token: it was presented, read, and refused.
ABOUT_A_TOKEN = ("token_not_valid", "user_not_found", "user_inactive", "password_changed")


def explained(response):
    """The response; where a token was refused, its challenge says so. Without credentials it gives no reason."""
    challenge = response.get("WWW-Authenticate")
    data = response.data if isinstance(response.data, dict) else {}
    if challenge and data.get("code") in ABOUT_A_TOKEN:
        response["WWW-Authenticate"] = (
            f'{challenge}, error="invalid_token", error_description="{quotable(reason(data))}"'
        )
    return response


def reason(data):
    """The sentence that says most: one per token class, where there are some."""
    messages = data.get("messages")
    return messages[0]["message"] if messages else data["detail"]


def quotable(sentence):
    """The sentence without what RFC 6750 keeps out of an error_description."""
    return re.sub(r'[^\x20-\x7e]|["\\]', "'", str(sentence))
