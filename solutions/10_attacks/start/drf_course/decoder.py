"""Reads and verifies every token, written by hand as tutorials print it. It works, and it has five holes.

Close them one by one. SIMPLE_JWT names one algorithm: HS256 in this shop, and RS256 in a check that gives the server
a key pair, an audience and an issuer of its own. For HS256 the key is `self.signing_key`, and there is no
VERIFYING_KEY; for RS256 it is `self.verifying_key`. You need not look at LEEWAY, nor at `verify`. Whether this file
stays afterwards is up to you.
In the end:

- The algorithm is the one of SIMPLE_JWT: no other gets in, not even HS512 with the right key, and no spelling of `none`,
  whichever of its letters are capitals; `hs256` may be HS256 or not, as you like.
- The signature counts whole: with none, a part of its bytes (base64url decoded), or one of them changed, no token gets in.
- A public key is never used as a secret.
- Only the key for that algorithm verifies: no other setting, such as SECRET_KEY, and no file, whatever `kid` says: the name
  of a setting or of a file in this folder, a path with `..`, or an absolute path. A token with a `kid` and the right signature may get in or not,
  as you like.
- A key that the token brings along (`jwk`, or in a certificate, `x5c`) is not used.
- Every token, access or refresh, carries an audience and an issuer, and each is exactly the one of SIMPLE_JWT; a list with
  ours in it may get in or not.
- A token that is not good (forged, expired, spent, or no token at all) gets 401, and never 500. Every fault has the reason
  "Token is invalid", which tells an attacker nothing, but for one: a token with the right signature that is past its `exp`
  has "Token is expired", and then the client knows that it should refresh; where another claim is wrong as well, either.
- An honest client still gets 200.
"""

import hmac
import json
import time
from pathlib import Path

from jwt import PyJWK, get_algorithm_by_name
from jwt.utils import base64url_decode
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken

KEYS = Path(__file__).parent  # where a key lies that a token names by its kid


class Decoder(TokenBackend):
    """simplejwt's backend: it signs as the library does, and reads tokens as we say."""

    def decode(self, token, verify=True):
        try:
            return self.verified(token if isinstance(token, str) else token.decode())
        except TokenBackendError:
            raise
        except Exception as error:  # the token may be anything
            raise TokenBackendError("Token is invalid") from error

    def verified(self, token):
        text, _, signature = token.rpartition(".")
        header, claims = (json.loads(base64url_decode(part)) for part in text.split("."))
        algorithm = header["alg"].upper()
        if algorithm != "NONE" and not self.is_signed(text.encode(), base64url_decode(signature), header):
            raise TokenBackendError("Token is invalid")
        if claims["exp"] <= time.time():
            raise TokenBackendExpiredToken("Token is expired")
        return claims

    def is_signed(self, text, signature, header):
        key = self.key_for(header)
        if isinstance(key, PyJWK):
            return key.Algorithm.verify(text, key.key, signature)
        if header["alg"] == "HS256":
            return hmac.compare_digest(hmac.digest(key, text, "sha256"), signature)
        algorithm = get_algorithm_by_name(header["alg"])
        return algorithm.verify(text, algorithm.prepare_key(key), signature)

    def key_for(self, header):
        if "jwk" in header:
            return PyJWK(header["jwk"])
        if "kid" in header:
            return (KEYS / header["kid"]).read_bytes()
        return (self.verifying_key or self.signing_key).encode()
