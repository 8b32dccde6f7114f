"""The app that production adds to the shop."""

from django.apps import AppConfig


class DeployConfig(AppConfig):
    name = "deploy"

    def ready(self):
        from deploy import checks  # noqa: F401 - importing it registers what is in it
