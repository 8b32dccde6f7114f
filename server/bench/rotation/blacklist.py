"""Settings: the stock shop, with rotation and the blacklist as simplejwt's documentation shows them."""

from drf_course.settings import *  # noqa: F403
from drf_course.settings import DATABASES, INSTALLED_APPS, SIMPLE_JWT

DATABASES["default"] |= {"CONN_MAX_AGE": None}  # as in `make class`: a connection lasts, whoever uses it
INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework_simplejwt.token_blacklist"]
SIMPLE_JWT = SIMPLE_JWT | {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}
ROOT_URLCONF = "bench.rotation.blacklist_urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # logging in is not what is measured
