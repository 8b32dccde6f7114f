"""The Token Lab as a Django app. Its page and its recorder exist only in development."""

import logging

from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "lab"

    def ready(self):
        """Keep tokens and passwords that came in an address out of the log; in production, too."""
        from lab.log_filter import without_secrets

        for name in ("django.server", "django.request"):
            logging.getLogger(name).addFilter(without_secrets)
