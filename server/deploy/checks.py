"""What `check --deploy` says about tokens and throttles. Django checks its own settings there; the others check nothing."""

import re
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import Tags, Warning, register
from rest_framework.settings import api_settings as rest_framework
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken, UntypedToken

LONGEST_ACCESS = timedelta(hours=1)
LONGEST_REFRESH = timedelta(days=30)
LONGEST_LEEWAY = timedelta(minutes=1)
PRIVATE_KEY = re.compile(r"PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{16}")


@register(Tags.security, deploy=True)
def check_tokens(app_configs, **kwargs):
    """A warning for each token setting that is dangerous on the internet. No key is repeated."""
    return list(findings())


@register(Tags.security, deploy=True)
def check_throttles(app_configs, **kwargs):
    """A warning for each setting with which a throttle counts wrongly."""
    return list(miscounts())


def findings():
    """The warnings that apply to the settings in force."""
    if (access := api_settings.ACCESS_TOKEN_LIFETIME) > LONGEST_ACCESS:
        yield warning(1, f"An access token lives {told(access)}.", "Nothing revokes it. Minutes are usual.")
    if (refresh := api_settings.REFRESH_TOKEN_LIFETIME) > LONGEST_REFRESH:
        yield warning(2, f"A refresh token lives {told(refresh)}.", "Let it live 30 days at most.")
    if holds_a_private_key() or any(map(is_in_the_code, (settings.SECRET_KEY, api_settings.SIGNING_KEY))):
        yield warning(3, "A secret key is written in a file of the project.", "Take it from outside.")
    if as_timedelta(api_settings.LEEWAY) > LONGEST_LEEWAY:
        yield warning(4, "LEEWAY lengthens every token.", "It is for clocks that differ by seconds.")
    if not (api_settings.ISSUER and api_settings.AUDIENCE):
        yield warning(5, "ISSUER or AUDIENCE is not set.", "Tokens of another service may be accepted.")
    if not api_settings.ROTATE_REFRESH_TOKENS:
        yield warning(6, "Refresh tokens are not rotated.", "A stolen one is never noticed. See lesson 07.")
    if not api_settings.TOKEN_TYPE_CLAIM:
        yield warning(7, "TOKEN_TYPE_CLAIM is off.", "A refresh token is accepted as an access token.")
    if getattr(settings, "TOKEN_LAB", False):
        yield warning(8, "The Token Lab is on.", "It shows everybody's requests. Set TOKEN_LAB to False.")
    if not api_settings.CHECK_USER_IS_ACTIVE:
        yield warning(9, "CHECK_USER_IS_ACTIVE is off.", "The tokens of a deactivated account go on working.")
    if any(issubclass(each, (RefreshToken, UntypedToken)) for each in api_settings.AUTH_TOKEN_CLASSES):
        yield warning(10, "AUTH_TOKEN_CLASSES accepts a refresh token.", "Name access tokens alone.")


def miscounts():
    """The warnings about throttles: a client is counted in several places, or under a name of its own choice."""
    if rest_framework.NUM_PROXIES is None:
        yield warning(11, "NUM_PROXIES is None.", "A client chooses its own address. Say how many there are.")
    if rest_framework.DEFAULT_THROTTLE_CLASSES and isinstance(caches["default"], LocMemCache):
        yield warning(12, "Each process counts requests for itself.", "Use a cache that all processes share.")


def warning(number, says, hint):
    return Warning(says, hint=hint, id=f"deploy.W{number:03}")


def told(lifetime):
    """`30 days`, or `1:30:00`."""
    return str(lifetime).removesuffix(", 0:00:00")


def as_timedelta(leeway):
    return leeway if isinstance(leeway, timedelta) else timedelta(seconds=leeway or 0)


def is_in_the_code(key):
    """Whether a Python file of the project holds the key. A public or private key in a file of its own does not count."""
    if not isinstance(key, str) or not key:
        return False
    return any(key in text for text in code())


def holds_a_private_key():
    """Whether somebody pasted one (PEM) into a Python file of the project: simplejwt is given an object, not its text."""
    return any(PRIVATE_KEY.search(text) for text in code())


def code():
    """The texts of the Python files in the folder of the learner's or the shop's settings."""
    from drf_course import environment

    files = (Path(environment.BASE_DIR) / "drf_course").rglob("*.py")
    return [file.read_text(encoding="utf-8") for file in files]
