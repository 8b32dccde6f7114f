"""The token settings of the shop. What differs from the defaults: python manage.py simple_jwt_settings"""

from datetime import timedelta

from drf_course.environment import SECRET_KEY

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=3),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=8),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    # The first is the one the challenge names. The old one stays, so that no client is logged out.
    "AUTH_HEADER_TYPES": ("Bearer", "Shop"),
    "ISSUER": "https://shop.example",
    "AUDIENCE": "shop-api",
}
