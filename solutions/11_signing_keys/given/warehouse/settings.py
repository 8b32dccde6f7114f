"""The settings of the warehouse. It knows where the shop publishes its public keys, and no key that signs."""

import os
import secrets

# Django wants one. Nothing in this service depends on it, so each start makes another.
SECRET_KEY = secrets.token_urlsafe(64)
DEBUG = os.environ.get("DJANGO_DEBUG", "1") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "warehouse.urls"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# simplejwt's token user needs the two contrib apps. There is no database, and so no user to look up.
INSTALLED_APPS = [
    "hardening",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "warehouse",
]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework_simplejwt.authentication.JWTStatelessUserAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "hardening.handlers.exception_handler",
}
SIMPLE_JWT = {
    "ALGORITHM": "EdDSA",
    "ISSUER": "https://shop.example",
    "AUDIENCE": "shop-api",
    "JWK_URL": os.environ.get("SHOP_KEYS_URL", "http://127.0.0.1:8000/.well-known/jwks.json"),
}
# Seconds: how long fetched keys are used, and how long to wait before the shop is asked again.
SHOP_KEYS = {
    "lifespan": float(os.environ.get("SHOP_KEYS_LIFESPAN", "300")),
    "cooldown_duration": float(os.environ.get("SHOP_KEYS_COOLDOWN", "30")),
}
