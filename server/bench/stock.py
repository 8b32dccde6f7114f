"""Our shop as Django, DRF and simplejwt come: their runserver, hasher, parsers, handler, middleware and database."""

from django.conf import global_settings

from bench.default_hasher import *  # noqa: F403
from bench.default_hasher import DATABASES, INSTALLED_APPS, REST_FRAMEWORK, SPECTACULAR_SETTINGS

# The first app that has a command wins.
INSTALLED_APPS = sorted(INSTALLED_APPS, key=lambda app: app != "django.contrib.staticfiles")
INSTALLED_APPS[INSTALLED_APPS.index("api")] = "bench.stock_app.StockApi"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
KEPT = ("DEFAULT_AUTHENTICATION_CLASSES", "DEFAULT_SCHEMA_CLASS")
REST_FRAMEWORK = {name: REST_FRAMEWORK[name] for name in KEPT}
SPECTACULAR_SETTINGS = {name: v for name, v in SPECTACULAR_SETTINGS.items() if name != "POSTPROCESSING_HOOKS"}
AUTHENTICATION_BACKENDS = global_settings.AUTHENTICATION_BACKENDS
SESSION_ENGINE = global_settings.SESSION_ENGINE
CACHES = global_settings.CACHES
OURS = ("OPTIONS", "CONN_MAX_AGE", "CONN_HEALTH_CHECKS")
DATABASES = {"default": {name: value for name, value in DATABASES["default"].items() if name not in OURS}}
