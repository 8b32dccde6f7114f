"""The shop's server inside a browser tab: `manage.py runserver` without a socket, asked by the page's script."""

import functools
import os

import django
from in_memory import Listener

os.environ["DJANGO_SETTINGS_MODULE"] = "tab.settings"
# Django looks for a running event loop, and a tab always has one. No request here runs beside another.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@functools.cache
def start():
    """The server, started once and ready for requests. A setting that cannot be used raises ImproperlyConfigured."""
    from django.core.management import call_command

    listener = Listener()
    listener.install()
    django.setup()
    call_command("runserver", "127.0.0.1:8000", use_reloader=False)
    return listener
