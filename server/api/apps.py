"""What happens once, when Django has loaded the models."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from api import tokens

        tokens.install()
