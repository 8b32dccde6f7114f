"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id at the minimum that OWASP's Password Storage Cheat Sheet names: 19 MiB, two passes, one lane.

    Django's own choice takes 100 MiB for every login: too much for a class that logs in at once.
    """

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1
