"""The app that makes the hole, and says so in the log."""

import logging
import sys

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

# What simplejwt's state.py gives to its own backend, in that order.
BACKEND_SETTINGS = [
    "ALGORITHM",
    "SIGNING_KEY",
    "VERIFYING_KEY",
    "AUDIENCE",
    "ISSUER",
    "JWK_URL",
    "LEEWAY",
    "JSON_ENCODER",
]


class VulnerableConfig(AppConfig):
    name = "vulnerable"

    def ready(self):
        from rest_framework_simplejwt import state
        from rest_framework_simplejwt.settings import api_settings

        if settings.DECODER:
            arguments = (getattr(api_settings, name) for name in BACKEND_SETTINGS)
            state.token_backend = import_string(settings.DECODER)(*arguments)
        if settings.VULNERABLE == "token_in_log":
            # The log is written as Django writes it, with whatever the address holds.
            logging.getLogger("django.server").filters.clear()
        if "runserver" in sys.argv:
            sys.stderr.write(
                f"VULNERABLE SERVER ({settings.VULNERABLE}), on purpose and for 127.0.0.1 only.\n"
            )
