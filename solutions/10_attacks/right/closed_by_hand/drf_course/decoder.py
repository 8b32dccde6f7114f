"""Reads and verifies every token, written by hand. Its five holes are closed."""

import hmac
import json
import time

from jwt import get_algorithm_by_name
from jwt.utils import base64url_decode
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken


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
        if header["alg"] != self.algorithm:
            raise TokenBackendError("Token is invalid")
        if not self.is_signed(text.encode(), base64url_decode(signature)):
            raise TokenBackendError("Token is invalid")
        if (claims.get("iss"), claims.get("aud")) != (self.issuer, self.audience):
            raise TokenBackendError("Token is invalid")
        if claims["exp"] <= time.time():
            raise TokenBackendExpiredToken("Token is expired")
        return claims

    def is_signed(self, text, signature):
        if self.algorithm == "HS256":
            key = self.signing_key.encode()
            return hmac.compare_digest(hmac.digest(key, text, "sha256"), signature)
        algorithm = get_algorithm_by_name(self.algorithm)
        return algorithm.verify(text, algorithm.prepare_key(self.verifying_key), signature)
