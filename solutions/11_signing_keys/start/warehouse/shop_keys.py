"""The shop's public keys, as the warehouse knows them."""

from jwt import PyJWKClient


class ShopKeys(PyJWKClient):
    """Gives the key of a `kid`, in `get_signing_key`, from the JWKS at an address.

    The shop is asked in three cases: there are no keys; `lifespan` is over since you last asked, or since it last responded,
    whichever of the two you like; or the `kid` is unknown, also when it was unknown the last time. In all three cases
    together it is asked at most once in `cooldown_duration`, which begins when you ask, whether or not it responds, and
    however many requests come meanwhile. A key that the shop has added is found then, and one that it has removed is
    forgotten. No key in the token itself is used, and no address in it is asked.

    A shop that has sent nothing for a second is down; one that sends its response byte by byte, or publishes a secret
    (`oct`), is not your concern. While it is being asked, is down, or sends anything but a JWKS with at least one public key,
    whatever it is, the keys of its last good response stay in use, however old they are. While one request asks, and waits
    for the response, the others may use those keys at once or wait until it has asked, as you like; when there are no keys
    yet, they have to wait until then. A key of an unknown `kty` is left out, and the others count. Without any key after
    that, `get_signing_key` raises `ShopUnreachable`: keys are kept in memory alone, and a restart forgets them.
    """
