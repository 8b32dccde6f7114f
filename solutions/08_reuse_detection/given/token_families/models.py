"""What the server remembers of a login: its family of refresh tokens, and which of them were used."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class TokenFamily(models.Model):
    """All refresh tokens descended from one login. A revoked family accepts none of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="token_families")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "token families"

    def __str__(self):
        return f"{self.user}, {self.created_at:%Y-%m-%d %H:%M}"


class SpentToken(models.Model):
    """A refresh token that was exchanged for its successor. The token itself is not kept, only its `jti`."""

    # A primary key is unique: of twenty inserts of the same jti, the database lets one through.
    jti = models.CharField(primary_key=True, max_length=255)
    family = models.ForeignKey(TokenFamily, models.CASCADE, related_name="spent_tokens")
    spent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.jti
