"""The shop's app, which has every token read by the decoder in drf_course/decoder.py."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from rest_framework_simplejwt import state

        from drf_course.decoder import Decoder
        from hardening.tokens import from_settings

        state.token_backend = from_settings(Decoder)  # simplejwt has no setting for the class
