"""The token settings of the shop. What differs from the defaults: python manage.py simple_jwt_settings"""

from datetime import timedelta

from drf_course.key_files import private_keys

# The first signs, and all of them verify. JWT_KEYRING names them: "first", then "first,second", then "second,first".
SIGNING_KEYS = private_keys("EdDSA")

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=1),
    "ALGORITHM": "EdDSA",
    "SIGNING_KEY": SIGNING_KEYS[0],
    # The first is the one the challenge names. The old one stays, so that no client is logged out.
    "AUTH_HEADER_TYPES": ("Bearer", "Shop"),
    "ISSUER": "https://shop.example",
    "AUDIENCE": "shop-api",
    # Each refresh replaces the refresh token. What was replaced is remembered by token_families, not by the blacklist.
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": False,
}
