"""The token settings of the shop. What differs from the defaults: python manage.py simple_jwt_settings

Step 07 adds two settings here, and leaves the lifetimes as they are. Wanted in the end, with DEBUG on or off:

- Each refresh gives a new refresh token beside the new access token.
- A refresh token works once: presented again, it gets 401 with the reason "Token is blacklisted".
"""

from datetime import timedelta

from drf_course.environment import BASE_DIR, DEBUG, key

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=1),
    "ALGORITHM": "HS256",
    # Not SECRET_KEY: whoever reads that one can sign no token, and either can change without the other.
    "SIGNING_KEY": key("JWT_SIGNING_KEY", debug=DEBUG, key_file=BASE_DIR / ".development_signing_key"),
    # The first is the one the challenge names. The old one stays, so that no client is logged out.
    "AUTH_HEADER_TYPES": ("Bearer", "Shop"),
    "ISSUER": "https://shop.example",
    "AUDIENCE": "shop-api",
}
