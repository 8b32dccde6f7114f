"""The shop's app, which has every token read by the decoder in drf_course/decoder.py."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from rest_framework_simplejwt import state
        from rest_framework_simplejwt.settings import api_settings

        from drf_course.decoder import Decoder

        # As the library makes its own in state.py, which has no setting for the class.
        state.token_backend = Decoder(
            api_settings.ALGORITHM,
            api_settings.SIGNING_KEY,
            api_settings.VERIFYING_KEY,
            api_settings.AUDIENCE,
            api_settings.ISSUER,
            api_settings.JWK_URL,
            api_settings.LEEWAY,
            api_settings.JSON_ENCODER,
        )
