"""How passwords are stored."""

import os
import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

CORES = os.cpu_count() or 1


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id at the minimum that OWASP's Password Storage Cheat Sheet names: 19 MiB, two passes, one lane.

    Django's own choice takes 100 MiB for every login: too much for a class that logs in at once.
    """

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1

    # No more at once than there are cores: more would push each other out of the processor's cache, and all take longer.
    turns = threading.Semaphore(CORES)

    def encode(self, password, salt):
        with self.turns:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with self.turns:
            return super().verify(password, encoded)


class QuickHasher(Argon2idHasher):
    """Argon2id with next to no work, for a database that is deleted when its check ends."""

    memory_cost = 64  # KiB
    time_cost = 1


def share_cores(processes):
    """Divide the cores among so many processes of one server. Call it before they are forked."""
    Argon2idHasher.turns = threading.Semaphore(max(CORES // processes, 1))
