"""The token settings of the shop. What differs from the defaults: python manage.py simple_jwt_settings

Step 11 signs with a key pair. Beside SIMPLE_JWT this file then has SIGNING_KEYS, the list that
`drf_course.key_files.private_keys` reads. In SIMPLE_JWT, ALGORITHM is "EdDSA", and SIGNING_KEY is the first of them: do not
keep the old secret. Any file of the ring, not only the first, stops the start when others can read it, or when it holds no
key.
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
    # Each refresh replaces the refresh token. What was replaced is remembered by token_families, not by the blacklist.
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": False,
}
