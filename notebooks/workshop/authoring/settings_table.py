"""The table of simplejwt's settings: its own names and defaults, and a sentence of ours for each."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from .. import paths
from ..errors import WorkshopError

NAME = "settings table"

SENTENCES = {
    "ACCESS_TOKEN_LIFETIME": "How long an access token lives.",
    "REFRESH_TOKEN_LIFETIME": "How long a refresh token lives.",
    "ROTATE_REFRESH_TOKENS": "Each refresh gives a new refresh token, too (step 07).",
    "BLACKLIST_AFTER_ROTATION": "The rotated refresh token is refused from then on; needs the `blacklist` app (step 07).",
    "UPDATE_LAST_LOGIN": "A login is noted in the user's `last_login`.",
    "ALGORITHM": "How tokens are signed. A token signed in another way is refused.",
    "SIGNING_KEY": "The key that signs, and for `HS...` also verifies.",
    "VERIFYING_KEY": "The public key, for algorithms with two keys. Not read for `HS...` (step 11).",
    "AUDIENCE": "For whom tokens are meant: written into `aud`, and demanded. A list accepts several.",
    "ISSUER": "Who issues tokens: written into `iss`, and demanded. Text, never a list.",
    "JSON_ENCODER": "How claims that JSON does not know are written.",
    "JWK_URL": "Where public keys are fetched, for algorithms with two keys (step 11).",
    "LEEWAY": "Allowance for clock skew in seconds, added to every `exp`. A number or a `timedelta`.",
    "AUTH_HEADER_TYPES": "The schemes that are accepted, letter by letter. The challenge names the first.",
    "AUTH_HEADER_NAME": "The header that is read, in the way WSGI spells it.",
    "USER_ID_FIELD": "The column of the user that identifies them. Choose one that never changes.",
    "USER_ID_CLAIM": "The claim that holds its value.",
    "USER_AUTHENTICATION_RULE": "Who may obtain and refresh.",
    "AUTH_TOKEN_CLASSES": "The kinds of token that a protected endpoint accepts.",
    "TOKEN_TYPE_CLAIM": "The claim that holds the kind of token. Never `None`: both kinds would be accepted.",
    "JTI_CLAIM": "The claim that holds the id of the token.",
    "TOKEN_USER_CLASS": "What takes the place of the user where no database is asked.",
    "SLIDING_TOKEN_REFRESH_EXP_CLAIM": "For sliding tokens: the claim until which they can be refreshed.",
    "SLIDING_TOKEN_LIFETIME": "For sliding tokens: how long one lives.",
    "SLIDING_TOKEN_REFRESH_LIFETIME": "For sliding tokens: how long one can be refreshed.",
    "TOKEN_OBTAIN_SERIALIZER": "What makes the response to a login (step 06).",
    "TOKEN_REFRESH_SERIALIZER": "What makes the response to a refresh.",
    "TOKEN_VERIFY_SERIALIZER": "What makes the response of `/api/token/verify/`.",
    "TOKEN_BLACKLIST_SERIALIZER": "What makes the response of the `blacklist` endpoint.",
    "SLIDING_TOKEN_OBTAIN_SERIALIZER": "The same for a login that gives a sliding token.",
    "SLIDING_TOKEN_REFRESH_SERIALIZER": "The same for its refresh.",
    "CHECK_REVOKE_TOKEN": "A changed password ends access tokens. Its price: a hash of the password's hash becomes a claim (step 06 says why that is risky).",
    "REVOKE_TOKEN_CLAIM": "The claim that holds this fingerprint.",
    "CHECK_USER_IS_ACTIVE": "A deactivated user is refused.",
}


def table() -> str:
    """The table as Markdown, made from the library that is installed."""
    return markdown(defaults(), SENTENCES)


def defaults() -> dict[str, str]:
    """Every setting that the installed simplejwt has, and its default as a settings file shows it."""
    command = [sys.executable, "manage.py", "simple_jwt_settings", "--defaults"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "JWT_"))}
    run = subprocess.run(
        command, cwd=paths.SERVER, env=kept, capture_output=True, text=True, encoding="utf-8"
    )
    if run.returncode:
        raise WorkshopError(f"The defaults of simplejwt cannot be read: {run.stderr.strip()[-800:]}")
    return json.loads(run.stdout)


def markdown(known: Mapping[str, str], sentences: Mapping[str, str]) -> str:
    """One row per setting; a `WorkshopError` names a setting without a sentence, and a sentence without one."""
    for name in known.keys() - sentences.keys():
        raise WorkshopError(
            f"simplejwt has the setting {name}. Give it a sentence in workshop/settings_table.py."
        )
    for name in sentences.keys() - known.keys():
        raise WorkshopError(
            f"simplejwt has no setting {name}. Delete its sentence in workshop/settings_table.py."
        )
    rows = [f"| `{name}` | `{default}` | {sentences[name]} |" for name, default in known.items()]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])
