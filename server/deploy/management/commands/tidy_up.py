"""Delete what has expired, a little at a time. Run it every hour."""

import signal
import sys
import time

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.utils import timezone
from rest_framework_simplejwt import state

BATCH = 1000  # rows: nobody waits longer than for one batch


class Command(BaseCommand):
    help = "Delete expired sessions, refresh tokens and token families, batch by batch."

    def add_arguments(self, parser):
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="Do it again and again, until stopped."
        )

    def handle(self, *args, every=None, **options):
        if not every:
            return self.tidy_up()
        # In a container this is process 1, which no signal ends unless it is handled: Docker would wait, and then kill it.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        while True:
            try:
                self.tidy_up()
            except OperationalError as error:
                self.stderr.write(
                    f"The database does not answer: {type(error).__name__}. Next try in {every} s."
                )
            connection.close()
            time.sleep(every)

    def tidy_up(self):
        rows = {"sessions": Session.objects.filter(expire_date__lt=timezone.now())}
        if apps.is_installed("rest_framework_simplejwt.token_blacklist"):
            # simplejwt's own flushexpiredtokens deletes all of them in one statement, which locks them all. It also deletes
            # at `exp`, when LEEWAY still accepts the token: off the blacklist, a spent one would work again.
            tokens = apps.get_model("token_blacklist", "OutstandingToken")
            ended = timezone.now() - state.token_backend.get_leeway()
            rows["refresh tokens"] = tokens.objects.filter(expires_at__lte=ended)
        for what, expired in rows.items():
            self.stdout.write(f"Deleted {delete(expired)} expired {what}.")
        if "flush_token_families" in get_commands():
            call_command("flush_token_families", stdout=self.stdout)


def delete(rows):
    """Delete the rows in batches, each in a transaction of its own; returns how many there were."""
    count = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        rows.model.objects.filter(pk__in=keys).delete()
        count += len(keys)
    return count
