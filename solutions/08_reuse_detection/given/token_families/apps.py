"""Token families: reuse detection for simplejwt's refresh tokens."""

from django.apps import AppConfig


class TokenFamiliesConfig(AppConfig):
    name = "token_families"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from token_families import checks  # noqa: F401 - importing it registers the checks
