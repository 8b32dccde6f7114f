"""Accounts for a class, and the sheet that says who has which password."""

import csv
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from api.models import User
from hardening.hashers import CORES

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another on paper
MOST = 1000


class Command(BaseCommand):
    help = "Create student001, student002 ... with random passwords, give admin one, and write them to a CSV file."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("count", type=int, help=f"how many students, 1 to {MOST}")
        parser.add_argument(
            "--sheet", type=Path, required=True, help="the CSV file; who stands in it keeps the password"
        )

    def handle(self, *args, count, sheet, **options):
        if not settings.TOKEN_LAB:
            raise CommandError(
                "create_students writes passwords to a file, so it runs in development and in a class only. "
                "Here TOKEN_LAB is off."
            )
        if not 1 <= count <= MOST:
            raise CommandError(f"{count} students cannot be made. Ask for 1 to {MOST}.")
        known = read(sheet)
        # The password that everybody knows from the lessons is no password for a server that a whole room can reach.
        names = ["admin", *(f"student{number:03}" for number in range(1, count + 1))]
        passwords = {name: known.get(name) or new_password() for name in names}
        give(passwords, {name for name in names if name not in known})
        write(sheet, known | passwords)
        self.stdout.write(f"{count} students are there. Their passwords: {sheet}")


def new_password():
    """Nine letters and digits in three groups, for example k7m-2xq-9ph: easily typed, and a billion billion guesses off."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(3)) for _ in range(3))


@transaction.atomic
def give(passwords, new):
    """Let each account log in with its password. An account that is there is changed only when its password is new."""
    there = {user.username: user for user in User.objects.filter(username__in=passwords)}
    to_hash = [name for name in passwords if name in new or name not in there]
    with ThreadPoolExecutor(CORES) as pool:  # Argon2 runs beside Python
        hashes = dict(
            zip(to_hash, pool.map(make_password, (passwords[name] for name in to_hash)), strict=True)
        )
    is_admin = {True: {"is_staff": True, "is_superuser": True}, False: {}}
    User.objects.bulk_create(
        User(username=name, password=hashes[name], **is_admin[name == "admin"])
        for name in to_hash
        if name not in there
    )
    for name in set(to_hash) & set(there):
        User.objects.filter(pk=there[name].pk).update(password=hashes[name])


def read(sheet):
    """The passwords by name; none when there is no sheet yet."""
    if not sheet.exists():
        return {}
    with sheet.open(newline="", encoding="utf-8") as file:
        return {row["username"]: row["password"] for row in csv.DictReader(file)}


def write(sheet, passwords):
    """Write the sheet so that only its owner can read it; a reader never sees half of one."""
    unfinished = sheet.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with open(unfinished, "x", newline="", encoding="utf-8", opener=owner_only) as file:
        rows = csv.writer(file)
        rows.writerow(("username", "password"))
        rows.writerows(sorted(passwords.items()))
    unfinished.replace(sheet)


def owner_only(path, flags):
    return os.open(path, flags, 0o600)
