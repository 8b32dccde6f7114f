"""The settings of a server that is vulnerable on purpose, inside a browser tab."""

import tab.settings
from vulnerable.settings import *
from vulnerable.settings import INSTALLED_APPS

PASSWORD_HASHERS = tab.settings.PASSWORD_HASHERS
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "drf_spectacular_sidecar"]
