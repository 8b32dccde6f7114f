"""The token settings. These five are the library's own defaults: change one and restart the server."""

from datetime import timedelta

from drf_course.environment import SECRET_KEY

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=3),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=8),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "LEEWAY": timedelta(hours=1),
    "AUTH_HEADER_TYPES": ("Bearer",),
}
