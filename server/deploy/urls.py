"""The addresses of the shop, and two for the programs that watch over it."""

from django.urls import include, path

from deploy import health

urlpatterns = [
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("", include("hardening.urls")),
]
