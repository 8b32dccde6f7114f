"""Our settings with every token endpoint and table switched on, and a hash that takes no time."""

from hardening.settings import *  # noqa: F403
from hardening.settings import INSTALLED_APPS, SIMPLE_JWT

ROOT_URLCONF = "fuzz.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework_simplejwt.token_blacklist"]
SIMPLE_JWT = SIMPLE_JWT | {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
