"""The app of the shop."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from api import checks, schema  # noqa: F401 - importing them registers what is in them
