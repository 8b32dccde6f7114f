"""Step 01: obtain a token pair, present it, and say what a refusal means."""

import requests

# simplejwt answers `code: token_not_valid` to all of these; only the message tells them apart.
REASONS = {"Token has wrong type": "wrong type", "Token is expired": "expired"}


class LoginRefused(Exception):
    """The server refused the login."""


def obtain(base_url: str, username: str, password: str) -> dict:
    """A token pair from POST /api/token/: a dict with `access` and `refresh`. Every refusal raises an error.

    Raises `LoginRefused` for a 400, 401 or 429 in JSON. The message is its `detail`, or any text where there is none.
    """
    account = {"username": username, "password": password}
    response = requests.post(f"{base_url}/api/token/", json=account, timeout=5)
    if not response.ok:
        raise LoginRefused(response.json().get("detail"))
    return response.json()


def call(base_url: str, path: str, pair: dict) -> requests.Response:
    """GET `base_url` + `path`, presenting the right token of the pair in the Authorization header.

    Gives the response back, whatever its status is.
    """
    return requests.get(f"{base_url}{path}", headers={"Authorization": f"Bearer {pair['access']}"}, timeout=5)


def diagnose(response: requests.Response) -> str:
    """What a JSON response to `call` with status 200, 401 or 403 means, in one of these words.

    `welcome`         the call succeeded
    `no credentials`  the server saw no credentials it understands
    `bad header`      the scheme was right, but what followed was not one token
    `wrong type`      a token of the other kind
    `expired`         a good token, too late
    `invalid`         any other token that is refused, also when its user is gone or deactivated
    `forbidden`       any 403: the server knows who asks, and says no

    Look for the reason in the body: the challenge of a stock server names no error.
    """
    if response.ok:
        return "welcome"
    if response.status_code == 403:
        return "forbidden"
    body = response.json()
    if "code" not in body:
        return "no credentials"
    if body["code"] == "bad_authorization_header":
        return "bad header"
    messages = body.get("messages") or [{}]  # a token whose user is gone is refused without them
    return REASONS.get(messages[0].get("message"), "invalid")
