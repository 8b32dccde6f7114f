"""The token settings of the shop. What differs from the defaults: python manage.py simple_jwt_settings"""

import secrets
from datetime import timedelta

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=3),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=8),
    "ALGORITHM": "HS256",
    # New at each start, so that nobody can ever learn it.
    "SIGNING_KEY": secrets.token_urlsafe(64),
    # The first is the one the challenge names. The old one stays, so that no client is logged out.
    "AUTH_HEADER_TYPES": ("Bearer", "Shop"),
    "ISSUER": "https://shop.example",
    "AUDIENCE": "shop-api",
}
