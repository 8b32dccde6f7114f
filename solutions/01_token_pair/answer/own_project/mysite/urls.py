"""The addresses of the project."""

from django.urls import path
from notes.views import NoteList, Welcome
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenVerifyView

urlpatterns = [
    path("welcome/", Welcome.as_view(), name="welcome"),
    path("notes/", NoteList.as_view(), name="notes"),
    path("api/token/", TokenObtainPairView.as_view(), name="token_obtain_pair"),
    path("api/token/refresh/", TokenRefreshView.as_view(), name="token_refresh"),
    path("api/token/verify/", TokenVerifyView.as_view(), name="token_verify"),
]
