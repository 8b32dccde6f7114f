"""The shop's app, which has every token read by the decoder in drf_course/decoder.py."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from drf_course.decoder import Decoder
        from hardening.tokens import install

        install(Decoder)
