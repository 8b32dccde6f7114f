"""The addresses of the shop, and of the Token Lab."""

from django.urls import include, path

urlpatterns = [
    path("", include("lab.urls")),
    path("", include("drf_course.urls")),
]
