"""The settings of a server that is vulnerable on purpose, inside a browser tab."""

from tab.settings import PASSWORD_HASHERS  # noqa: F401
from vulnerable.settings import *
from vulnerable.settings import INSTALLED_APPS

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "drf_spectacular_sidecar"]
