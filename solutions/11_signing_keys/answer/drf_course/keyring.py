"""The ring of signing keys: the first signs, all of them verify, and their public halves are published."""

import hashlib
import json

import jwt
from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from jwt.utils import base64url_encode
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError
from rest_framework_simplejwt.settings import api_settings

from drf_course.simple_jwt import SIGNING_KEYS

# What a public key of each kind consists of: RFC 7638, section 3.2, and RFC 8037 for OKP.
MEMBERS = {"OKP": ("crv", "kty", "x"), "EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}


def thumbprint(jwk):
    """The name of a public key, computed from its members as RFC 7638 says."""
    members = {name: jwk[name] for name in MEMBERS[jwk["kty"]]}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return base64url_encode(hashlib.sha256(text.encode()).digest()).decode()


def public_jwk(key, algorithm):
    """The public half of a private key, as a JWKS holds it."""
    jwk = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return jwk | {"kid": thumbprint(jwk), "alg": algorithm, "use": "sig"}


class Keyring(TokenBackend):
    """simplejwt's backend with several keys: the first signs, and a token is verified with the one that it names."""

    def __init__(self, algorithm, keys, **options):
        super().__init__(algorithm, keys[0], **options)
        self.jwks = [public_jwk(key, algorithm) for key in keys]
        self.public_keys = {jwk["kid"]: key.public_key() for jwk, key in zip(self.jwks, keys, strict=True)}

    def encode(self, payload):
        names = {"iss": self.issuer, "aud": self.audience}
        claims = payload | {name: value for name, value in names.items() if value is not None}
        headers = {"kid": self.jwks[0]["kid"]}
        return jwt.encode(
            claims, self.prepared_signing_key, self.algorithm, headers, json_encoder=self.json_encoder
        )

    def get_verifying_key(self, token):
        kid = jwt.get_unverified_header(token).get("kid")
        if kid not in self.public_keys:
            raise TokenBackendError("Token is invalid")
        return self.public_keys[kid]


RING = Keyring(
    api_settings.ALGORITHM,
    SIGNING_KEYS,
    audience=api_settings.AUDIENCE,
    issuer=api_settings.ISSUER,
    leeway=api_settings.LEEWAY,
    json_encoder=api_settings.JSON_ENCODER,
)


@cache_control(public=True, max_age=300)
def jwks(request):
    """The public half of every key of the ring. A service that keeps it for five minutes knows a new key before it signs."""
    return JsonResponse({"keys": RING.jwks})
