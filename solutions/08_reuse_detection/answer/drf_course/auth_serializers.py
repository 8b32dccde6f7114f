"""What a token says about its user, beside simplejwt's own claims."""

from rest_framework_simplejwt.authentication import JWTAuthentication
from token_families.serializers import FamilyTokenObtainPairSerializer, FamilyTokenRefreshSerializer


def add_claims(token, user):
    """Write what we say about the user into the token, and give it back.

    Whoever holds a token can read it: no e-mail address, no password, no secret.
    """
    token["username"] = user.username
    return token


class CustomTokenObtainPairSerializer(FamilyTokenObtainPairSerializer):
    """A login: the refresh token gets the claims, and simplejwt copies them to the access token."""

    @classmethod
    def get_token(cls, user):
        return add_claims(super().get_token(user), user)


class CustomTokenRefreshSerializer(FamilyTokenRefreshSerializer):
    """A refresh: the claims are made anew from the user, and a user who is gone or deactivated gets 401."""

    def validate(self, attrs):
        refresh = self.token_class(attrs["refresh"])
        user = JWTAuthentication().get_user(refresh)
        # simplejwt copies what it finds. It gets the same token (same jti, same exp) with the claims of today.
        return super().validate({"refresh": str(add_claims(refresh, user))})
