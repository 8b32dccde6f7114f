"""System checks: what makes token families useless without anybody noticing."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connection
from rest_framework_simplejwt.settings import api_settings


@register(Tags.security)
def check_rotation(app_configs, **options):
    """Without rotation a refresh gives no new refresh token, and the old one is spent."""
    if api_settings.ROTATE_REFRESH_TOKENS:
        return []
    hint = 'Add "ROTATE_REFRESH_TOKENS": True to SIMPLE_JWT.'
    return [
        Error(
            "Token families need rotation: a refresh spends its token.", hint=hint, id="token_families.E001"
        )
    ]


@register(Tags.security)
def check_blacklist(app_configs, **options):
    """The blacklist would refuse a reused token before its family could be revoked."""
    if not api_settings.BLACKLIST_AFTER_ROTATION:
        return []
    hint = 'Set "BLACKLIST_AFTER_ROTATION": False in SIMPLE_JWT: spent tokens are recorded by token_families.'
    return [Error("The blacklist hides reuse from token families.", hint=hint, id="token_families.E002")]


@register(Tags.database)
def check_sqlite(app_configs, **options):
    """A transaction that reads first and writes later is refused by a busy SQLite, at once."""
    mode = settings.DATABASES["default"].get("OPTIONS", {}).get("transaction_mode")
    if connection.vendor != "sqlite" or mode == "IMMEDIATE":
        return []
    hint = 'Add "OPTIONS": {"transaction_mode": "IMMEDIATE"} to DATABASES["default"].'
    return [Warning("Parallel requests can get “database is locked”.", hint=hint, id="token_families.W001")]
