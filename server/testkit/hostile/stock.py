"""The same as ours.py for the shop without `hardening`, and with a hash that takes no time."""

from drf_course.settings import *  # noqa: F403
from drf_course.settings import INSTALLED_APPS, SIMPLE_JWT
from testkit.hostile.everything import APP, TOKENS

ROOT_URLCONF = "testkit.hostile.urls"
INSTALLED_APPS = [*INSTALLED_APPS, APP]
SIMPLE_JWT = SIMPLE_JWT | TOKENS
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
