"""VULNERABLE on purpose: decoders with one hole each. Nothing here is to be copied."""

import hmac
from pathlib import Path

import jwt
from django.conf import settings
from django.db import connection
from jwt.utils import base64url_decode
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

INVALID = "Token is invalid"


def unverified(token):
    """The claims, whoever wrote them."""
    return jwt.decode(token, options={"verify_signature": False})


def is_signed_with(token, key):
    """Whether the HMAC (SHA-256) of the token was made with this key."""
    text, _, signature = token.rpartition(".")
    return hmac.compare_digest(hmac.digest(key, text.encode(), "sha256"), base64url_decode(signature))


def claims_if(token, key):
    """The claims, when the token was signed with this key."""
    if not is_signed_with(token, key):
        raise TokenBackendError(INVALID)
    return unverified(token)


class Hole(TokenBackend):
    """simplejwt's decoder; where `hole()` has claims to give, those."""

    def decode(self, token, verify=True):
        token = token.decode() if isinstance(token, bytes) else token
        try:
            claims = self.hole(token, jwt.get_unverified_header(token))
        except (ValueError, KeyError, OSError, jwt.PyJWTError) as error:
            raise TokenBackendError(INVALID) from error
        return super().decode(token, verify) if claims is None else claims

    def hole(self, token, header):
        return None


class BelievesNone(Hole):
    """Forbids "none", as it is written in the standard, and knows "None" as the same algorithm."""

    def hole(self, token, header):
        if header["alg"] != "none" and header["alg"].lower() == "none":
            return unverified(token)
        return super().hole(token, header)


class TakesTheAlgorithmFromTheHeader(Hole):
    """Has a public key for the tokens of a partner, and verifies in whatever way the header says."""

    def hole(self, token, header):
        if header["alg"] == "HS256" and is_signed_with(token, settings.PUBLIC_KEY.encode()):
            return unverified(token)
        return super().hole(token, header)


class ReadsTheKeyFromAFile(Hole):
    """Takes the name of the key, `kid`, for the name of a file."""

    def hole(self, token, header):
        if "kid" in header:
            return claims_if(token, (Path(settings.BASE_DIR, "drf_course") / header["kid"]).read_bytes())
        return super().hole(token, header)


class LooksTheKeyUpInTheDatabase(Hole):
    """Puts the `kid` into the text of a query."""

    def hole(self, token, header):
        if "kid" not in header:
            return super().hole(token, header)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS signing_key (kid text, secret text)")
            cursor.execute(f"SELECT secret FROM signing_key WHERE kid = '{header['kid']}'")  # noqa: S608 - the hole
            row = cursor.fetchone()
        return claims_if(token, row[0].encode()) if row else None


class TakesTheKeyFromTheHeader(Hole):
    """Verifies with the key that the token brings along."""

    def hole(self, token, header):
        if "jwk" in header:
            return verified(token, jwt.PyJWK(header["jwk"]))
        return super().hole(token, header)


class FetchesTheKeyFromTheHeadersAddress(Hole):
    """Verifies with the key that lies where the token says."""

    def hole(self, token, header):
        if "jku" in header:
            return verified(token, jwt.PyJWKClient(header["jku"]).get_signing_key_from_jwt(token))
        return super().hole(token, header)


def verified(token, key):
    return jwt.decode(token, key, algorithms=[key.algorithm_name], options={"verify_aud": False})


class VerifiesNothing(Hole):
    """Reads the payload and leaves it at that."""

    def hole(self, token, header):
        return unverified(token)


class Several(BelievesNone, TakesTheAlgorithmFromTheHeader, ReadsTheKeyFromAFile, TakesTheKeyFromTheHeader):
    """Four holes in one decoder."""
