"""The three token endpoints of the app."""

from django.urls import path
from token_families.views import FamilyTokenObtainPairView, FamilyTokenRefreshView, LogOutView

urlpatterns = [
    path("api/token/", FamilyTokenObtainPairView.as_view()),
    path("api/token/refresh/", FamilyTokenRefreshView.as_view()),
    path("api/token/blacklist/", LogOutView.as_view()),
]
