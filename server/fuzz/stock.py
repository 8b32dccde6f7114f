"""The same as ours.py, with the libraries' own parser, handler, authentication and middleware."""

from bench.stock import *  # noqa: F403
from bench.stock import INSTALLED_APPS, SIMPLE_JWT

ROOT_URLCONF = "fuzz.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework_simplejwt.token_blacklist"]
SIMPLE_JWT = SIMPLE_JWT | {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
