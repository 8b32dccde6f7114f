"""Databases for real servers: migrated and seeded once, then copied."""

import shutil
from pathlib import Path
from urllib.parse import quote, urlencode

from testkit.servers import OURS, run

SEED = "import django; django.setup(); from django.core.management import call_command as c; "
SEED += "c('migrate', verbosity=0); c('populate_db')"


def sqlite(path, **options):
    """The address of an SQLite file."""
    return f"sqlite:///{quote(Path(path).as_posix())}{'?' if options else ''}{urlencode(options)}"


def seed(database, settings=OURS, **more):
    """Migrate and seed a database; its passwords are hashed as these settings say. Gives its address."""
    done = run(["-c", SEED], DATABASE_URL=database, DJANGO_SETTINGS_MODULE=settings, **more)
    if done.returncode:
        raise RuntimeError(f"A database was not made:\n{done.stderr}")
    return database


def copy(template, target):
    """The address of a copy of a template, an SQLite file."""
    return sqlite(shutil.copy(template, target))
