"""What the hardening remembers."""

from django.db import models


class FailedLogin(models.Model):
    """One failed login, for a minute. Both names are hashes: a username is private, and may be of any length.

    A row for each, and no counter: two workers that count one number up at once lose a failure between them.
    """

    address = models.CharField(max_length=64)
    account = models.CharField(max_length=64)  # of the account at that address
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("account", "at"), name="failed_login_account"),
            models.Index(fields=("address", "at"), name="failed_login_address"),
        )

    def __str__(self):
        return f"A failed login at {self.at:%H:%M:%S}"
