"""What a token says about its user, beside simplejwt's own claims."""

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.tokens import AccessToken


def add_claims(token, user):
    """Write what we say about the user into the token, and give it back.

    Whoever holds a token can read it: no e-mail address, no password, no secret.
    """
    token["username"] = user.username
    return token


class CustomTokenObtainPairSerializer(TokenObtainPairSerializer):
    """A login: the access token is the one that is presented, so it gets the claims."""

    def validate(self, attrs):
        data = super().validate(attrs)
        data["access"] = str(add_claims(AccessToken(data["access"]), self.user))
        return data


class CustomTokenRefreshSerializer(TokenRefreshSerializer):
    """A refresh: a deleted user is refused with 401, and simplejwt does the rest."""

    def validate(self, attrs):
        JWTAuthentication().get_user(self.token_class(attrs["refresh"]))
        return super().validate(attrs)
