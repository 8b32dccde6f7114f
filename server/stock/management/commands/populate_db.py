"""Fill the database of the plain project."""

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

PASSWORD = "test"  # noqa: S105 - a demo account, on this machine


class Command(BaseCommand):
    help = "Make the users ada and grace. Their password is: test"

    def handle(self, *args, **options):
        for name in ("ada", "grace"):
            User.objects.create_user(name, password=PASSWORD)
