"""The settings of the shop on the internet: DJANGO_SETTINGS_MODULE=drf_course.production.

What differs from machine to machine, and every secret, comes from the environment. `hardening.settings` has the rest.

- An error page shows nothing about the server, unless DJANGO_DEBUG holds 1, true, yes or on.
- A request for the name of another host gets 400, also when that name ends with ours, or another header holds ours;
  static files are the same for every name, and may be served.
- A request was encrypted when the proxy says so in X-Forwarded-Proto; nobody else is believed, and no other header.
- With DJANGO_DEBUG and the Token Lab off: over https, browsers learn to use nothing else for a year; over http they learn
  nothing, and all but health is redirected, static files as well.
- A client cannot choose the address for which its failed logins are counted: only the last entry of X-Forwarded-For is
  believed, which the one proxy of this shop adds, and no other header; so NUM_PROXIES is 1, however many addresses
  DJANGO_TRUSTED_PROXIES has, and 1 or 0, as you like, when DJANGO_NUM_PROXIES is missing or 0.
- After ten failed logins within a minute an account gets 429 there, whichever server of the shop counted them.
- No secret key is written in the project in any form: whole, split, encoded, or computed from what is written there.
- All servers of the shop use one SECRET_KEY, the text in the file that DJANGO_SECRET_KEY_FILE names, without the line
  break at its end; whether other white space around it counts is up to you.
- Without JWT_ACCESS_SECONDS, an access token lives an hour at most; what that variable does is up to you.
- With DJANGO_DEBUG off, no token gets into a log, on stderr or in a file of the project, whether it came in
  Authorization, Cookie, Referer or the query, and whatever status it got; an error is logged with its path, and what
  else is logged, and how, is up to you.
- `check --deploy` finds nothing.
- A variable that is missing opens nothing: without DJANGO_DEBUG all is as with 0, without the others no host is served and
  no proxy is believed; or the server does not start.
"""

import os
from datetime import timedelta

os.environ.setdefault("DJANGO_DEBUG", "0")  # what is imported below reads it, too

from hardening.environment import count, flag, names
from hardening.settings import *
from hardening.settings import BASE_DIR, INSTALLED_APPS, MIDDLEWARE, REST_FRAMEWORK, SIMPLE_JWT

DEBUG = flag("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = names("DJANGO_ALLOWED_HOSTS")

INSTALLED_APPS = ["deploy", *INSTALLED_APPS]
ROOT_URLCONF = "deploy.urls"

MIDDLEWARE = [
    "deploy.middleware.forwarded_by_the_proxy",
    "deploy.middleware.request_log",
    *MIDDLEWARE,
    "deploy.middleware.DatabaseAway",
]
security = MIDDLEWARE.index("django.middleware.security.SecurityMiddleware")
MIDDLEWARE.insert(security + 1, "whitenoise.middleware.WhiteNoiseMiddleware")  # serves the styles

# The proxy ends TLS. Only requests through its socket file, or from its address, may say how they came.
TRUSTED_PROXIES = names("DJANGO_TRUSTED_PROXIES")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
REST_FRAMEWORK = REST_FRAMEWORK | {"NUM_PROXIES": count("DJANGO_NUM_PROXIES", default=1)}

# Programs inside the network ask for health without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000  # one year
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

SIMPLE_JWT = SIMPLE_JWT | {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=1),
}

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("DJANGO_STATIC_ROOT", BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGED_HEADERS = ["User-Agent", "X-Request-ID"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "deploy.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
