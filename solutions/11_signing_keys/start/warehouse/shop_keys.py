"""The shop's public keys, as the warehouse knows them."""

from jwt import PyJWKClient


class ShopKeys(PyJWKClient):
    """Gives the key of a `kid`, in `get_signing_key`, from the JWKS at an address.

    The shop is asked when there are no keys, when it was last asked, or last responded, longer than `lifespan` ago, and for a
    `kid` that is unknown, also when it was unknown the last time; at most once in `cooldown_duration`, all three cases
    together, whether or not it responds, and however many requests come meanwhile. A key that the shop has added is found
    then, and one that it has removed is forgotten. No key in the token itself is used, and no address in it is asked.

    A shop that has sent nothing for a second is down; one that sends its response byte by byte, or publishes a secret
    (`oct`), is not your concern. While it is being asked, is down, or sends anything but a JWKS with at least one public key,
    whatever it is, the keys of its last good response stay in use, however old they are. While one request asks, the others
    use them or wait for it; without any keys, they wait. A key of an unknown `kty` is left out, and the others count.
    Without any key after that, `get_signing_key` raises `ShopUnreachable`: keys are kept in memory alone, and a restart
    forgets them.
    """
