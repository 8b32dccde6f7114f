"""The shop's settings, with what protects a public class and with the Token Lab. manage.py and wsgi.py use this module.

The README beside this file says what each part refuses, beside the response of a stock server.
"""

from drf_course.settings import *
from drf_course.settings import (
    DATABASES,
    DEBUG,
    INSTALLED_APPS,
    MIDDLEWARE,
    REST_FRAMEWORK,
    SIMPLE_JWT,
    SPECTACULAR_SETTINGS,
)
from hardening import environment

SIMPLE_JWT = SIMPLE_JWT | environment.lifetimes()
ALLOWED_HOSTS = environment.names("DJANGO_ALLOWED_HOSTS") or [".localhost", "127.0.0.1", "[::1]"]

# In a codespace the browser speaks https with a name of GitHub's, and the login of the admin checks that name.
if DEBUG:
    ALLOWED_HOSTS += environment.forwarded()
    CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in environment.forwarded()]

# A connection is kept for the next request. One that broke meanwhile is noticed, and is no error.
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A transaction that reads first and writes later is refused, "database is locked", as soon as another has
    # written in between. One that asks for the right to write at its beginning waits for its turn.
    DATABASES["default"] |= {
        "OPTIONS": {"transaction_mode": "IMMEDIATE"} | DATABASES["default"].get("OPTIONS", {}),
        "CONN_HEALTH_CHECKS": False,  # a file does not go away
    }

# The page at / and its recorder of requests. On in development and in a class, which has DEBUG off and plain HTTP.
TOKEN_LAB = environment.flag("TOKEN_LAB", default=DEBUG)

if not (DEBUG or TOKEN_LAB):
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000  # one year
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Bytes. The largest body that anybody sends here honestly is a form of the admin; reading Django's 2.5 MB of hostile
# JSON costs as much as twenty logins.
DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000

# First: of two apps with a command of the same name, the first one wins, and ours has runserver.
INSTALLED_APPS = ["hardening", "lab", *INSTALLED_APPS]
ROOT_URLCONF = "hardening.urls"

MIDDLEWARE = [
    *(["lab.middleware.FlightRecorder"] if TOKEN_LAB else []),  # first, so that it sees every request
    "hardening.middleware.JsonErrors",  # before all others, so that it sees what they refuse
    "hardening.middleware.no_store",
    "hardening.middleware.count_failed_logins",
    *MIDDLEWARE,
]
MIDDLEWARE[MIDDLEWARE.index("django.middleware.common.CommonMiddleware")] = (
    "hardening.middleware.CommonMiddleware"
)

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
# The checks of a step log in some dozens of times, to a database of the moment whose passwords everybody knows.
if DEBUG and environment.flag("QUICK_HASHES", default=False):
    PASSWORD_HASHERS[0] = "hardening.hashers.QuickHasher"
