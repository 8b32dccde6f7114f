"""Settings: the stock shop, with the app token_families as its README says."""

from drf_course.settings import *  # noqa: F403
from drf_course.settings import DATABASES, INSTALLED_APPS, SIMPLE_JWT

DATABASES["default"] |= {"CONN_MAX_AGE": None}  # as in `make class`: a connection lasts, whoever uses it
INSTALLED_APPS = [*INSTALLED_APPS, "token_families"]
SIMPLE_JWT = SIMPLE_JWT | {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": False}
ROOT_URLCONF = "bench.rotation.family_urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # logging in is not what is measured
