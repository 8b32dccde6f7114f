"""The token endpoints that use our serializers."""

from drf_spectacular.utils import extend_schema
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from drf_course.auth_serializers import CustomTokenObtainPairSerializer, CustomTokenRefreshSerializer

# The bodies are simplejwt's own: only what the tokens say is ours. drf-spectacular knows the bodies of
# simplejwt's serializers by name, and not those of ours.


@extend_schema(request=TokenObtainPairSerializer, responses=TokenObtainPairSerializer)
class CustomTokenObtainPairView(TokenObtainPairView):
    """Takes a user name and a password. Both tokens of the response carry the claim `username`."""

    serializer_class = CustomTokenObtainPairSerializer


@extend_schema(request=TokenRefreshSerializer, responses=TokenRefreshSerializer)
class CustomTokenRefreshView(TokenRefreshView):
    """Takes a refresh token. The new access token carries the user's name as it is now."""

    serializer_class = CustomTokenRefreshSerializer
