"""Real servers to measure, each with its own copy of a migrated, seeded database."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

SERVER = Path(__file__).resolve().parent.parent

OURS = "hardening.settings"
STOCK = "bench.stock"
DEFAULT_HASHER = "bench.default_hasher"


def sqlite(path, **options):
    """The address of an SQLite file."""
    return f"sqlite:///{quote(Path(path).as_posix())}{'?' if options else ''}{urlencode(options)}"


def environment(settings, url):
    """The variables of a process with these settings on this database."""
    # Without PYTHONUNBUFFERED, Django's own runserver keeps its address to itself when its output is a pipe.
    ours = {"DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    return os.environ | {"DJANGO_DEBUG": "1"} | ours


def seed(settings, url):
    """Migrate and seed a database; its passwords are hashed as these settings say."""
    for command in ("migrate", "populate_db"):
        subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=SERVER,
            env=environment(settings, url),
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def running(settings, template):
    """A runserver with these settings on a copy of the database `template`. Gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(shutil.copy(template, folder))
        command = [sys.executable, "manage.py", "runserver", "--noreload", "127.0.0.1:0"]
        with start(command, settings, sqlite(database)) as process:
            try:
                yield address(process.stdout)
            finally:
                process.kill()


def start(command, settings, url):
    """A process with these settings on this database. What it prints is a pipe; its log goes nowhere."""
    return subprocess.Popen(
        command,
        cwd=SERVER,
        env=environment(settings, url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def address(output):
    """The address that runserver prints, without the last slash."""
    for line in output:
        if "http://" in line:
            return line.split()[-1].rstrip("/")
    sys.exit("A server to be measured did not start. Try: python manage.py runserver")
