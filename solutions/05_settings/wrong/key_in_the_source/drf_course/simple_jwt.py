"""The token settings of the shop. What differs from the defaults: python manage.py simple_jwt_settings"""

from datetime import timedelta

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=3),
    "REFRESH_TOKEN_LIFETIME": timedelta(seconds=8),
    "ALGORITHM": "HS256",
    # Random, and long enough: secrets.token_urlsafe(48).
    "SIGNING_KEY": "Zb0rPz4w9cT1xVYk3mQe7uLh2sFaN8dJg5iKoWvCpRt6XyBqEnGlMjUfHzSaD1w2",
    # The first is the one the challenge names. The old one stays, so that no client is logged out.
    "AUTH_HEADER_TYPES": ("Bearer", "Shop"),
    "ISSUER": "https://shop.example",
    "AUDIENCE": "shop-api",
}
