"""What the hardening remembers."""

from django.conf import settings
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


class StepResult(models.Model):
    """How far a student of a class is with a step. Only the commands of this machine read it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="step_results")
    step = models.PositiveSmallIntegerField()
    passed = models.PositiveSmallIntegerField()
    checks = models.PositiveSmallIntegerField()
    first_failure = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "step"), name="one_result_per_step"),)

    def __str__(self):
        return f"{self.user}: {self.passed} of {self.checks} checks of step {self.step:02}"
