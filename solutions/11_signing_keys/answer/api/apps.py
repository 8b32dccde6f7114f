"""The app of the shop."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from rest_framework_simplejwt import state

        from drf_course.keyring import RING

        state.token_backend = RING  # simplejwt has no setting for it
