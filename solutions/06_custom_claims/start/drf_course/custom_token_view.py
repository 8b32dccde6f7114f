"""Step 06: the token endpoints that use our serializers. A view answers only where urls.py names it.

Wanted in the end: `CustomTokenObtainPairView` as it is here, and beside it a `CustomTokenRefreshView`, a subclass of
simplejwt's `TokenRefreshView` that uses your `CustomTokenRefreshSerializer`.

- Both ask for no access token: simplejwt's views ignore the header `Authorization`.
"""

from rest_framework_simplejwt.views import TokenObtainPairView

from drf_course.auth_serializers import CustomTokenObtainPairSerializer


class CustomTokenObtainPairView(TokenObtainPairView):
    serializer_class = CustomTokenObtainPairSerializer
