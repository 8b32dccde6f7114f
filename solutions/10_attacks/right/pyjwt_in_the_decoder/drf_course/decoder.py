"""Reads and verifies every token with PyJWT. What may be in a token is named here, and not by the token."""

import jwt
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenBackendExpiredToken


class Decoder(TokenBackend):
    """simplejwt's backend: it signs as the library does, and reads tokens as we say."""

    def decode(self, token, verify=True):
        try:
            return jwt.decode(
                token,
                self.verifying_key or self.signing_key,
                algorithms=[self.algorithm],
                audience=self.audience,
                issuer=self.issuer,
                options={"require": ["exp", "aud", "iss"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenBackendExpiredToken("Token is expired") from error
        except jwt.InvalidTokenError as error:
            raise TokenBackendError("Token is invalid") from error
