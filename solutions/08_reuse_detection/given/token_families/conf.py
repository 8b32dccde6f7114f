"""The two settings of this app, each a timedelta."""

from datetime import timedelta

from django.conf import settings


def grace_period():
    """For how long a token that was just used is refused without revoking its family: two honest tabs may collide."""
    return getattr(settings, "TOKEN_FAMILY_GRACE_PERIOD", timedelta(seconds=2))


def lifetime():
    """The oldest a family may become, however often it is refreshed. After that only the password helps."""
    return getattr(settings, "TOKEN_FAMILY_LIFETIME", timedelta(days=30))
