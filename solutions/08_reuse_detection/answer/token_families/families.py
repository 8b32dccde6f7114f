"""The life of a token family: it begins with a login, and ends with a log-out, with a theft, or of old age."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt.exceptions import TokenError
from token_families import conf
from token_families.models import SpentToken


def check(family):
    """Raise `TokenError` when the family was revoked or is older than it may become."""
    if family.revoked_at:
        raise TokenError(_("Token family is revoked"))
    if end(family) <= timezone.now():
        raise TokenError(_("Token family is too old"))


def end(family):
    """The instant after which nobody can refresh, however often they did before."""
    return family.created_at + conf.lifetime()


def spend(token):
    """Record that this refresh token was used. Raise `TokenError` when it was used before.

    Call it before the new tokens are made. A token used twice within the grace period is refused; used again later, it
    was stolen from somebody, and its family is revoked.
    """
    try:
        with transaction.atomic():
            # One statement asks and answers: of twenty requests, the unique index lets one insert.
            SpentToken.objects.create(jti=token["jti"], family=token.family, expires_at=token.expires_at)
    except IntegrityError:
        refuse_reuse(SpentToken.objects.get(pk=token["jti"]))


def refuse_reuse(spent):
    """Raise `TokenError`; after the grace period, revoke the family first."""
    if timezone.now() - spent.spent_at <= conf.grace_period():
        raise TokenError(_("Token was just used"))
    revoke(spent.family)
    raise TokenError(_("Token was used before: its family is revoked"))


def revoke(family):
    """End the family: no token of it can be used again, whoever holds it."""
    family.revoked_at = timezone.now()
    family.save(update_fields=["revoked_at"])
