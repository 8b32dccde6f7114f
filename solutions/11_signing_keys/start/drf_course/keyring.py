"""The ring of signing keys: the first signs, all of them verify, and their public halves are published."""

from rest_framework_simplejwt.backends import TokenBackend


def thumbprint(jwk):
    """The name of an OKP or EC key, as RFC 7638 computes it: from the members that its `kty` requires, and no other."""
    raise NotImplementedError("step 11: compute the thumbprint of a public key")


class Keyring(TokenBackend):
    """simplejwt's backend, with the keys of `SIGNING_KEYS`.

    The first key signs, and the header of the token names it, as `kid`, by its thumbprint. A token is verified with the
    key of the ring that its `kid` names, by the algorithm of the ring, and with no other. Any other `kid`, or none, makes
    it an invalid token. A `kid` is compared with the names of the ring, whatever it is, and never used as a path. Issuer,
    audience and leeway are those of SIMPLE_JWT; nobody else makes a `Keyring`, so what its `__init__` takes is up to you.
    """

    def encode(self, payload):
        raise NotImplementedError("step 11: sign with the first key, and name it in the header")

    def get_verifying_key(self, token):
        raise NotImplementedError("step 11: find the key that the header of the token names")


def jwks(request):
    """GET /.well-known/jwks.json: the public half of every key of the ring, and nothing else of it.

    Each has its `kid`, `alg` and `use`. A key is published, and accepted, before it signs: the order of JWT_KEYRING says
    which one signs. Anybody may read it, whatever credentials they send; other methods and other formats are up to you. Its
    `Cache-Control` is `public, max-age=300` and no more, so that every cache may keep it for five minutes, and none longer.
    """
    raise NotImplementedError("step 11: publish the public keys")
