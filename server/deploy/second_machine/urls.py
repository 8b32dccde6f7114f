"""The addresses of a machine that signs nothing: the shop's, without those of tokens and of the admin."""

from django.urls import include, path

from deploy import health

urlpatterns = [
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("", include("api.urls")),
]
