"""The app of the shop."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from api import checks, schema, tokens  # noqa: F401 - importing the first two registers what is in them

        tokens.install()
