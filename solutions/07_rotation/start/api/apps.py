"""The app of the shop."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
