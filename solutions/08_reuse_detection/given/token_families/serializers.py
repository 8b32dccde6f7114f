"""The three token endpoints, with families: log in, refresh, log out."""

from rest_framework import serializers
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer

from token_families import families
from token_families.tokens import FamilyRefreshToken


class FamilyTokenObtainPairSerializer(TokenObtainPairSerializer):
    """A login begins a family."""

    token_class = FamilyRefreshToken


class FamilyTokenRefreshSerializer(TokenRefreshSerializer):
    """A refresh spends the token that was sent, and then lets simplejwt make the new ones (ROTATE_REFRESH_TOKENS)."""

    token_class = FamilyRefreshToken

    def validate(self, attrs):
        families.spend(self.token_class(attrs["refresh"]))
        return super().validate(attrs)


class LogOutSerializer(serializers.Serializer):
    """A log-out revokes the family, with whichever of its tokens the client still has."""

    refresh = serializers.CharField(write_only=True)

    def validate(self, attrs):
        families.revoke(FamilyRefreshToken(attrs["refresh"]).family)
        return {}
