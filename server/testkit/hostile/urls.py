"""Every address of the server, and the one token endpoint that is not switched on from the start."""

from importlib import import_module

from django.conf import settings
from django.urls import path
from rest_framework_simplejwt.views import TokenBlacklistView

whole = "hardening.urls" if "hardening" in settings.INSTALLED_APPS else "drf_course.urls"
urlpatterns = [
    *import_module(whole).urlpatterns,
    path("api/token/blacklist/", TokenBlacklistView.as_view(), name="token_blacklist"),
]
