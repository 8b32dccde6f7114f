"""VULNERABLE on purpose: the shop's settings with the one hole that the variable VULNERABLE names.

Everything that makes a server of step 10 vulnerable is in the table below and in the class that it names.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from hardening.settings import *
from hardening.settings import INSTALLED_APPS, MIDDLEWARE, REST_FRAMEWORK, SIMPLE_JWT

VULNERABLE = os.environ["VULNERABLE"]
PUBLIC_KEY = os.environ.get("VULNERABLE_PUBLIC_KEY", "")  # of a partner, whose tokens are welcome too

HOLES = {
    "alg_none": {"DECODER": "vulnerable.decoders.BelievesNone"},
    "weak_key": {"SIMPLE_JWT": {"SIGNING_KEY": "letmein"}},
    "confused_algorithm": {"DECODER": "vulnerable.decoders.TakesTheAlgorithmFromTheHeader"},
    "kid_as_path": {"DECODER": "vulnerable.decoders.ReadsTheKeyFromAFile"},
    "kid_as_sql": {"DECODER": "vulnerable.decoders.LooksTheKeyUpInTheDatabase"},
    "jwk": {"DECODER": "vulnerable.decoders.TakesTheKeyFromTheHeader"},
    "jku": {"DECODER": "vulnerable.decoders.FetchesTheKeyFromTheHeadersAddress"},
    "edited_payload": {"DECODER": "vulnerable.decoders.VerifiesNothing"},
    "other_service": {"SIMPLE_JWT": {"AUDIENCE": None, "ISSUER": None}},
    "refresh_as_access": {"SIMPLE_JWT": {"TOKEN_TYPE_CLAIM": None}},
    "expired": {"SIMPLE_JWT": {"LEEWAY": 86_400}},
    "token_in_log": {"AUTHENTICATION": "vulnerable.authentication.TokenInTheAddress"},
    "local_storage": {"PAGES": True},
    "cookie": {"AUTHENTICATION": "vulnerable.authentication.TokenInACookie", "PAGES": True},
    # Several at once, for the checks of step 10.
    "several": {
        "DECODER": "vulnerable.decoders.Several",
        "SIMPLE_JWT": {"SIGNING_KEY": "HelloWorld", "AUDIENCE": None, "ISSUER": None},
    },
}
if VULNERABLE not in HOLES:
    raise ImproperlyConfigured(f"There is no hole {VULNERABLE!r}. The holes are: {', '.join(HOLES)}.")
HOLE = HOLES[VULNERABLE]

SIMPLE_JWT = SIMPLE_JWT | HOLE.get("SIMPLE_JWT", {})
DECODER = HOLE.get("DECODER")
INSTALLED_APPS = [*INSTALLED_APPS, "vulnerable"]
MIDDLEWARE = ["vulnerable.middleware.Marked", *MIDDLEWARE]
ALLOWED_HOSTS = ["127.0.0.1"]
if "AUTHENTICATION" in HOLE:
    REST_FRAMEWORK = REST_FRAMEWORK | {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            HOLE["AUTHENTICATION"],
            *REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"],
        ]
    }
if "PAGES" in HOLE:
    ROOT_URLCONF = "vulnerable.urls"
