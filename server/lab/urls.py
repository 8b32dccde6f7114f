"""The addresses of the Token Lab. With DEBUG off there are none, so each of them is a 404."""

from django.conf import settings
from django.urls import path

from lab import views

ADDRESSES = [
    path("", views.page, name="token-lab"),
    path("lab/stream/", views.stream, name="lab-stream"),
    path("lab/strings/<slug:language>/", views.strings, name="lab-strings"),
    path("lab/headers/", views.headers, name="lab-headers"),
    path("lab/assets/<path:name>", views.asset, name="lab-asset"),
]

urlpatterns = ADDRESSES if settings.DEBUG else []
