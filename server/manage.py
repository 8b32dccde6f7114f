#!/usr/bin/env python
"""Django's command line for this server."""

import os
import sys

try:
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
except ModuleNotFoundError:
    sys.exit(f"Django is not installed for {sys.executable}. Use the python of the virtual environment.")


def main():
    """Run the command that was typed; a setting that cannot be used stops it with one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hardening.settings")
    try:
        # Django hides a broken setting behind "unrecognized arguments" when the command is our own.
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        sys.exit(f"The server cannot start. {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
