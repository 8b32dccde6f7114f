"""The app of the shop."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from drf_course import checks  # noqa: F401 - importing it registers what is in it
