"""System checks of what revokes a refresh token. simplejwt starts with each of these mistakes and reports no error."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from rest_framework_simplejwt.settings import api_settings

BLACKLIST = "rest_framework_simplejwt.token_blacklist"


@register(Tags.security)
def check_revocation(app_configs, **kwargs):
    """A list with an Error for each setting that leaves a spent refresh token valid."""
    errors = []
    if BLACKLIST not in settings.INSTALLED_APPS:
        errors.append(
            Error(
                "The blacklist app is not installed, so neither rotation nor log-out revokes a token.",
                hint=f'Add "{BLACKLIST}" to INSTALLED_APPS, and run manage.py migrate.',
                id="drf_course.E001",
            )
        )
    if api_settings.ROTATE_REFRESH_TOKENS and not api_settings.BLACKLIST_AFTER_ROTATION:
        errors.append(
            Error(
                "Refresh tokens are rotated, and the spent ones stay valid.",
                hint='Set "BLACKLIST_AFTER_ROTATION": True in SIMPLE_JWT.',
                id="drf_course.E002",
            )
        )
    return errors
