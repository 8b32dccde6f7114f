"""The token settings, beside the defaults of the library."""

import json
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from rest_framework_simplejwt.settings import DEFAULTS

UNITS = {"days": 86_400, "hours": 3_600, "minutes": 60}


class Command(BaseCommand):
    help = "Show the entries of SIMPLE_JWT that differ from the library's defaults; with --defaults, these."
    requires_system_checks = ()  # this command is used to look for a wrong setting

    def add_arguments(self, parser):
        parser.add_argument("--defaults", action="store_true", help="print every default, as JSON")

    def handle(self, *args, **options):
        if options["defaults"]:
            self.stdout.write(json.dumps({name: written(name, value) for name, value in DEFAULTS.items()}))
            return
        changed = {name: value for name, value in settings.SIMPLE_JWT.items() if differs(name, value)}
        for name, value in changed.items():
            self.stdout.write(f"{name}: {written(name, value)}, by default {default(name)}")
        if not changed:
            self.stdout.write("Nothing differs from the defaults.")


def differs(name, value):
    return name not in DEFAULTS or value != DEFAULTS[name]


def default(name):
    return written(name, DEFAULTS[name]) if name in DEFAULTS else "there is no such setting"


def written(name, value):
    """The value as a settings file writes it, and never a key."""
    if value == settings.SECRET_KEY:
        return "settings.SECRET_KEY"
    if name.endswith("_KEY") and value:
        return "a key of its own"
    return duration(value) if isinstance(value, timedelta) else repr(value)


def duration(length):
    """A timedelta in the largest unit that divides it."""
    seconds = length.total_seconds()
    for unit, size in UNITS.items():
        if seconds % size == 0:
            return f"timedelta({unit}={seconds // size:.0f})"
    return f"timedelta(seconds={seconds:g})"
