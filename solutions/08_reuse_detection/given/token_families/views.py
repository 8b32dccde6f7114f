"""The token endpoints. None of them runs in a request transaction (ATOMIC_REQUESTS).

DRF rolls a request's transaction back when the response is a refusal. A family that was revoked because a
stolen token came back would then be alive again.
"""

from django.db import transaction
from django.utils.decorators import method_decorator
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenViewBase

from token_families.serializers import (
    FamilyTokenObtainPairSerializer,
    FamilyTokenRefreshSerializer,
    LogOutSerializer,
)

keeps_revocations = method_decorator(transaction.non_atomic_requests, name="dispatch")


@keeps_revocations
class FamilyTokenObtainPairView(TokenObtainPairView):
    """Takes a user name and a password; returns the first token pair of a new family."""

    serializer_class = FamilyTokenObtainPairSerializer


@keeps_revocations
class FamilyTokenRefreshView(TokenRefreshView):
    """Takes a refresh token; returns a new token pair of the same family."""

    serializer_class = FamilyTokenRefreshSerializer


@keeps_revocations
class LogOutView(TokenViewBase):
    """Takes a refresh token and revokes its family; returns an empty object."""

    serializer_class = LogOutSerializer
