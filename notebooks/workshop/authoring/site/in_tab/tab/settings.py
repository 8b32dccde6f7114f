"""The workshop's settings inside a browser tab, where the only visitor is the person who opened it."""

import tab.decoding
from hardening.settings import *
from hardening.settings import INSTALLED_APPS

# Neither Argon2 nor OpenSSL exists for a browser's Python. The accounts are the demo ones, and leave with the tab.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The files of Swagger UI: 5 MB for a page that nothing links to here.
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "drf_spectacular_sidecar"]
