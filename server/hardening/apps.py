"""The app that protects the shop."""

from django.apps import AppConfig


class HardeningConfig(AppConfig):
    name = "hardening"

    def ready(self):
        from hardening import checks, schema, tokens  # noqa: F401 - importing the first two registers what is in them

        tokens.install()
