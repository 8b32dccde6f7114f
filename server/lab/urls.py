"""The addresses of the Token Lab. With the setting TOKEN_LAB off, each of them is a 404."""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.urls import path

from lab import views


def switched(view):
    """The view while TOKEN_LAB is on, and no page when it is off."""

    @wraps(view)
    def guarded(request, **parts):
        if not settings.TOKEN_LAB:
            raise Http404
        return view(request, **parts)

    return guarded


urlpatterns = [
    path("", switched(views.page), name="token-lab"),
    path("lab/stream/", switched(views.stream), name="lab-stream"),
    path("lab/strings/<slug:language>/", switched(views.strings), name="lab-strings"),
    path("lab/headers/", switched(views.headers), name="lab-headers"),
    path("lab/qr.svg", switched(views.qr), name="lab-qr"),
    path("lab/assets/<path:name>", switched(views.asset), name="lab-asset"),
]
