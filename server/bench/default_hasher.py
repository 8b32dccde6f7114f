"""Our settings with Django's default password hasher."""

from django.conf import global_settings

from hardening.settings import *  # noqa: F403

PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
