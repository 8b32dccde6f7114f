"""Delete what no longer protects anybody, a little at a time."""

import time
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings

from token_families import conf
from token_families.models import SpentToken, TokenFamily

BATCH = 200  # rows: with SQLite a refresh waits for a batch, which has to be short


class Command(BaseCommand):
    help = "Delete spent tokens that have expired, and families that are older than they may become."

    def handle(self, *args, **options):
        # Under LEEWAY a token is accepted for a while after its exp: until then its row must stay.
        now = timezone.now() - leeway()
        tokens = delete(SpentToken.objects.filter(expires_at__lt=now))
        families = delete(TokenFamily.objects.filter(created_at__lt=now - conf.lifetime()))
        self.stdout.write(f"Deleted {tokens} spent tokens and {families} families.")


def leeway():
    """SIMPLE_JWT's LEEWAY as a timedelta."""
    found = api_settings.LEEWAY
    return found if isinstance(found, timedelta) else timedelta(seconds=found or 0)


def delete(rows):
    """Delete the rows batch by batch, each in a transaction of its own; returns how many there were."""
    count = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        began = time.monotonic()
        rows.model.objects.filter(pk__in=keys).delete()
        count += len(keys)
        # SQLite has one lock for all who write. Whoever waits for it gets as much time as this batch took.
        time.sleep(time.monotonic() - began)
    return count
