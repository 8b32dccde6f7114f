"""The life of a token family: it begins with a login, and ends with a log-out, with a theft, or of old age."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from token_families import conf
from token_families.exceptions import FamilyRevoked, FamilyTooOld, JustUsed, UsedBefore
from token_families.models import SpentToken


def check(family):
    """Raise `FamilyRevoked` when the family was revoked, and `FamilyTooOld` when its end has come."""
    if family.revoked_at:
        raise FamilyRevoked
    if end(family) <= timezone.now():
        raise FamilyTooOld


def end(family):
    """The instant from which on nobody can refresh: the lifetime counts from the login, not from the last refresh."""
    return family.created_at + conf.lifetime()


def spend(token):
    """Record that this refresh token was used, by its `jti`, before new tokens are made. Of many requests with it, accept one.

    A token that was used before goes to `refuse_reuse`.
    """
    try:
        with transaction.atomic():
            # One statement asks and records: of twenty requests, the unique index lets one insert.
            SpentToken.objects.create(jti=token["jti"], family=token.family, expires_at=token.expires_at)
    except IntegrityError:
        refuse_reuse(SpentToken.objects.get(pk=token["jti"]))


def refuse_reuse(spent):
    """Raise `JustUsed` within the grace period. After it, revoke the family and raise `UsedBefore`."""
    if timezone.now() - spent.spent_at <= conf.grace_period():
        raise JustUsed
    revoke(spent.family)
    raise UsedBefore


def revoke(family):
    """End this family, and no other: none of its refresh tokens is accepted again, whoever holds it."""
    family.revoked_at = timezone.now()
    family.save(update_fields=["revoked_at"])
