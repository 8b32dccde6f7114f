"""Our settings with Django's own runserver and default password hasher: the server as it comes."""

from bench.default_hasher import *  # noqa: F403
from bench.default_hasher import INSTALLED_APPS

# The first app that has a command wins.
INSTALLED_APPS = sorted(INSTALLED_APPS, key=lambda app: app != "django.contrib.staticfiles")
