"""The shop's addresses, and a guest book."""

from django.urls import include, path

from vulnerable import pages

urlpatterns = [
    path("guest-book/", pages.guest_book, name="guest-book"),
    path("log-in/", pages.log_in),
    path("", include("hardening.urls")),
]
