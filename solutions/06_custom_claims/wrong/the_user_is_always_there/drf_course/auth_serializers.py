"""What a token says about its user, beside simplejwt's own claims."""

from django.contrib.auth import get_user_model
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.settings import api_settings


def add_claims(token, user):
    """Write what we say about the user into the token, and give it back.

    Whoever holds a token can read it: no e-mail address, no password, no secret.
    """
    token["username"] = user.username
    return token


class CustomTokenObtainPairSerializer(TokenObtainPairSerializer):
    """A login: the refresh token gets the claims, and simplejwt copies them to the access token."""

    @classmethod
    def get_token(cls, user):
        return add_claims(super().get_token(user), user)


class CustomTokenRefreshSerializer(TokenRefreshSerializer):
    """A refresh: the claims are made anew from the user."""

    def validate(self, attrs):
        refresh = self.token_class(attrs["refresh"])
        user = get_user_model().objects.get(
            **{api_settings.USER_ID_FIELD: refresh[api_settings.USER_ID_CLAIM]}
        )
        # simplejwt copies what it finds. It gets the same token (same jti, same exp) with the claims of today.
        return super().validate({"refresh": str(add_claims(refresh, user))})
