"""The addresses of the Token Lab. They exist in development only: with DEBUG off each of them is a 404."""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.urls import path

from lab import views


def in_development(view):
    """The view while DEBUG is on, and no page when it is off."""

    @wraps(view)
    def guarded(request, **parts):
        if not settings.DEBUG:
            raise Http404
        return view(request, **parts)

    return guarded


urlpatterns = [
    path("", in_development(views.page), name="token-lab"),
    path("lab/stream/", in_development(views.stream), name="lab-stream"),
    path("lab/strings/<slug:language>/", in_development(views.strings), name="lab-strings"),
    path("lab/headers/", in_development(views.headers), name="lab-headers"),
    path("lab/qr.svg", in_development(views.qr), name="lab-qr"),
    path("lab/assets/<path:name>", in_development(views.asset), name="lab-asset"),
]
