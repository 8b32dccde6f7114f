"""Step 01: obtain a token pair, present it, and say what a refusal means."""

import requests


class LoginRefused(Exception):
    """The server refused the login."""


def obtain(base_url: str, username: str, password: str) -> dict:
    """A token pair from POST /api/token/: a dict with `access` and `refresh`. Every refusal raises an error.

    Raises `LoginRefused` for a 400, 401 or 429 in JSON. The message is its `detail`, or any text where there is none.
    """
    raise NotImplementedError("step 01: send the name and the password as JSON, and look at the status")


def call(base_url: str, path: str, pair: dict) -> requests.Response:
    """GET `base_url` + `path`, presenting the right token of the pair in the Authorization header.

    Gives the response back, whatever its status is.
    """
    raise NotImplementedError("step 01: which token of the pair, and under which scheme?")


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
    raise NotImplementedError(f"step 01: what does {response.status_code} mean here?")
