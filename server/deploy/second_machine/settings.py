"""A second machine of the shop: DJANGO_SETTINGS_MODULE=deploy.second_machine.settings.

It has the shop's database and its public keys, and no key that signs. It verifies as the warehouse does (step 11), and looks
up each user as the shop does. Logins, refreshes and the admin go to the first machine.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from hardening import environment
from warehouse.settings import *
from warehouse.settings import SIMPLE_JWT

DEBUG = False
ALLOWED_HOSTS = environment.names("DJANGO_ALLOWED_HOSTS")
ROOT_URLCONF = "deploy.second_machine.urls"
INSTALLED_APPS = [
    "hardening",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "deploy.second_machine.apps.VerifyingApiConfig",
]
AUTH_USER_MODEL = "api.User"
DATABASES = {"default": environment.database()}
if not DATABASES["default"]:
    raise ImproperlyConfigured("DATABASE_URL is not set. It is the address of the shop's database.")
if "SHOP_KEYS_URL" not in os.environ:
    raise ImproperlyConfigured(
        "SHOP_KEYS_URL is not set. It is the https address of the first machine's /.well-known/jwks.json."
    )
SIMPLE_JWT = SIMPLE_JWT | {"AUTH_HEADER_TYPES": ("Bearer", "Shop")}
DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000  # bytes
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PARSER_CLASSES": ["hardening.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "hardening.handlers.exception_handler",
}

MIDDLEWARE = [
    "deploy.middleware.forwarded_by_the_proxy",
    "deploy.middleware.request_log",
    "hardening.middleware.JsonErrors",
    "django.middleware.security.SecurityMiddleware",
    "hardening.middleware.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "deploy.middleware.DatabaseAway",
]
# The same proxy as in front of the first machine, and the same rules.
TRUSTED_PROXIES = environment.names("DJANGO_TRUSTED_PROXIES")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000  # one year
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
CSRF_COOKIE_SECURE = True

LOGGED_HEADERS = ["User-Agent", "X-Request-ID"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "deploy.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
