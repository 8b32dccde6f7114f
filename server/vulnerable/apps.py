"""The app that makes the hole, and says so in the log."""

import logging
import sys

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string


class VulnerableConfig(AppConfig):
    name = "vulnerable"

    def ready(self):
        from rest_framework_simplejwt import state

        from hardening.tokens import from_settings

        if settings.DECODER:
            state.token_backend = from_settings(import_string(settings.DECODER))
        if settings.VULNERABLE == "token_in_log":
            # The log is written as Django writes it, with whatever the address holds.
            logging.getLogger("django.server").filters.clear()
        if "runserver" in sys.argv:
            sys.stderr.write(
                f"VULNERABLE SERVER ({settings.VULNERABLE}), on purpose and for 127.0.0.1 only.\n"
            )
