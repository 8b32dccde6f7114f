"""The shop's settings, with what protects a public class and with the Token Lab. manage.py and wsgi.py use this module.

The README beside this file says what each line refuses.
"""

from drf_course.settings import *
from drf_course.settings import (
    BASE_DIR,
    DEBUG,
    INSTALLED_APPS,
    MIDDLEWARE,
    REST_FRAMEWORK,
    SIMPLE_JWT,
    SPECTACULAR_SETTINGS,
)
from hardening import environment

SIMPLE_JWT = SIMPLE_JWT | environment.lifetimes()
DATABASES = {"default": environment.database(BASE_DIR)}
ALLOWED_HOSTS = environment.names("DJANGO_ALLOWED_HOSTS") or [".localhost", "127.0.0.1", "[::1]"]

# The page at / and its recorder of requests. On in development and in a class, which has DEBUG off and plain HTTP.
TOKEN_LAB = environment.flag("TOKEN_LAB", default=DEBUG)

if not (DEBUG or TOKEN_LAB):
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000  # one year
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# First: of two apps with a command of the same name, the first one wins, and ours has runserver.
INSTALLED_APPS = ["hardening", "lab", *INSTALLED_APPS]
ROOT_URLCONF = "hardening.urls"

MIDDLEWARE = [
    "hardening.middleware.JsonErrors",  # first, so that it sees what all others refuse
    "hardening.middleware.no_store",
    "hardening.middleware.count_failed_logins",
    *MIDDLEWARE,
]
MIDDLEWARE[MIDDLEWARE.index("django.middleware.common.CommonMiddleware")] = (
    "hardening.middleware.CommonMiddleware"
)

if TOKEN_LAB:
    MIDDLEWARE.insert(0, "lab.middleware.FlightRecorder")  # it sees every request

REST_FRAMEWORK = REST_FRAMEWORK | {
    "DEFAULT_PARSER_CLASSES": [
        "hardening.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_METADATA_CLASS": "hardening.metadata.JSONMetadata",
    "EXCEPTION_HANDLER": "hardening.handlers.exception_handler",
    "NUM_PROXIES": environment.count("DJANGO_NUM_PROXIES", default=0),
}

SPECTACULAR_SETTINGS = SPECTACULAR_SETTINGS | {
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hardening.schema.document_refusals",
    ],
}

AUTHENTICATION_BACKENDS = ["hardening.backends.ThrottledModelBackend"]
SESSION_ENGINE = "hardening.sessions"

PASSWORD_HASHERS = [
    "hardening.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # reads the hashes of Django's default
]
