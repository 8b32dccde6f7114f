"""Step 10: four attacks. Each gets what an attacker has (a `Loot`) and gives back the response that it got.

`loot.py` beside this file holds the tools, and `more_attacks.py` the other attacks, ready to read and to run. What is
forged is presented at `/orders/`, as `present()` does.
"""

import requests
from loot import COMMON_KEYS, Loot, forged, present, signature  # noqa: F401


def alg_none(loot: Loot) -> requests.Response:
    """The response to an admin's token without a signature, whose algorithm is `none`.

    A server may forbid one spelling and know another, so `none`, `None` and `NONE` are tried, and more if you like, until
    one gets a 2xx; when no spelling does, the last response is given back.
    """
    raise NotImplementedError("step 10: forge a token with alg none, and cut its signature off")


def weak_key(loot: Loot) -> requests.Response:
    """The response to an admin's token that is signed with the server's own key.

    The key is looked for among all of `COMMON_KEYS`, without asking the server. Whether a word is the key depends on the
    signature alone, whatever claims the token has. When it is none of them, the own access token is presented as it is.
    """
    raise NotImplementedError("step 10: find the word that signs loot.access as the server did")


def confused_algorithm(loot: Loot) -> requests.Response:
    """The response to an admin's token that is signed with the text of the public key, as if that were a secret."""
    raise NotImplementedError("step 10: forge a token of alg HS256, with loot.public_key as the key")


def kid_as_path(loot: Loot) -> requests.Response:
    """The response to an admin's token whose `kid` leads from `drf_course/` to a file that everybody knows.

    Any file whose content everybody knows will do, in that folder, with `..` in another, or by an absolute path: for
    example `api/__init__.py`, which is empty in this shop, as in most.
    """
    raise NotImplementedError(
        "step 10: forge a token with a kid that is a path, and the content of that file as the key"
    )
