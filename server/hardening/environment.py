"""What the environment sets, read once at start. A value that cannot be used raises ImproperlyConfigured."""

import os
import secrets
import time
from datetime import timedelta
from urllib.parse import quote

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

ON = ("1", "true", "yes", "on")
OFF = ("0", "false", "no", "off")
PLACEHOLDERS = ("change", "example", "insecure", "placeholder")
SHORTEST_KEY = 50
FEWEST_CHARACTERS = 10
LONGEST_LIFETIME = timedelta(days=36_500)  # much later, and the expiry is no date Python can hold


def flag(name, *, default):
    """The variable as True or False, `default` when it is not set."""
    found = os.environ.get(name)
    if found is None:
        return default
    if found.strip().lower() not in ON + OFF:
        raise ImproperlyConfigured(f"{name} is {found!r}. Set it to 1 (on) or 0 (off), or unset it.")
    return found.strip().lower() in ON


def names(name):
    """The comma-separated variable as a list, empty when it is not set."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def count(name, *, default):
    """The variable as a whole number, 0 or more; `default` when it is not set."""
    found = os.environ.get(name)
    if found is None:
        return default
    if not found.strip().isdecimal():
        raise ImproperlyConfigured(f"{name} is {found!r}. Set it to a whole number, 0 or more, or unset it.")
    return int(found)


def lifetimes():
    """The token lifetimes that the environment sets, in the words of SIMPLE_JWT."""
    variables = {
        "ACCESS_TOKEN_LIFETIME": "JWT_ACCESS_SECONDS",
        "REFRESH_TOKEN_LIFETIME": "JWT_REFRESH_SECONDS",
    }
    return {setting: lifetime(name) for setting, name in variables.items() if name in os.environ}


def lifetime(name):
    """The variable, a positive number of seconds, as a timedelta."""
    found = os.environ[name]
    try:
        length = timedelta(seconds=float(found))
    except (ValueError, OverflowError):
        length = timedelta(0)
    if not timedelta(0) < length <= LONGEST_LIFETIME:
        raise ImproperlyConfigured(
            f"{name} is {found!r}. Set it to a positive number of seconds, at most "
            f"{LONGEST_LIFETIME.total_seconds():.0f}, or unset it."
        )
    return length


def database(base_dir):
    """The database of DATABASE_URL, or the SQLite file in that folder."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{quote((base_dir / 'db.sqlite3').as_posix())}"
    try:
        # A connection is kept for the next request. One that broke meanwhile is noticed, and is no error.
        found = dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)
    except ValueError as error:
        # The address may hold a password: it is not repeated.
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read. {error} Wanted: postgresql://user:password@host:5432/name"
        ) from None
    return sqlite(found) if found["ENGINE"].endswith("sqlite3") else found


def sqlite(found):
    """The settings of an SQLite file. Each transaction takes the right to write when it begins.

    A transaction that reads first and asks for that right later is refused, "database is locked", as soon as another
    has written in between; one that asks at its beginning waits for its turn.
    """
    options = {"transaction_mode": "IMMEDIATE"} | found.get("OPTIONS", {})
    return found | {"OPTIONS": options, "CONN_HEALTH_CHECKS": False}  # a file does not go away


def key(name, *, debug, key_file):
    """The key in the variable; without it, and in development only, the random key kept in `key_file`.

    With `debug` off a key that is missing or weak raises ImproperlyConfigured.
    """
    found = os.environ.get(name, "")
    if debug:
        return found or development_key(key_file, name)
    if flag("TOKEN_LAB", default=False):
        return classroom_key(name, key_file)
    fault = key_fault(found)
    if fault:
        raise ImproperlyConfigured(
            f"{name} {fault}. With DJANGO_DEBUG off it must be random, at least {SHORTEST_KEY} "
            'characters long. Make one: python -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    return found


def classroom_key(name, key_file):
    """The development key, for a class without DEBUG. The Token Lab shows every request: a production key is refused."""
    if os.environ.get(name):
        raise ImproperlyConfigured(
            f"TOKEN_LAB is on and {name} is set. The Token Lab shows everybody's requests, so it never runs with a "
            f"key of production: unset {name}, or set TOKEN_LAB to 0."
        )
    return development_key(key_file, name)


def key_fault(key):
    """What makes `key` no key for production, or None. The key itself is never repeated."""
    if not key.strip():
        return "is missing"
    if any(word in key.lower() for word in PLACEHOLDERS):
        return "is a placeholder"
    if len(key) < SHORTEST_KEY:
        return f"has {len(key)} characters"
    if len(set(key)) < FEWEST_CHARACTERS:
        return f"has {len(set(key))} different characters"
    return None


def development_key(path, name="DJANGO_SECRET_KEY"):
    """The key in `path`, made first when there is none. Servers that start at once agree on one key.

    `name` is the variable to set where the folder takes no file.
    """
    try:
        write_once(path, secrets.token_urlsafe(64) + "\n")
        return read_line(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The development key cannot be kept in {path}: {error.strerror}. "
            f"Make the folder writable, or set {name}."
        ) from None


def write_once(path, text):
    """Write `text` to a new file that only its owner can read; a file that is there stays as it is."""
    try:
        # Mode "x" fails when the file exists, so of several servers exactly one writes.
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(text)
    except FileExistsError:
        pass


def read_line(path):
    """The one line in `path`, waiting for a server that is writing it at this moment."""
    for _ in range(100):
        text = path.read_text()
        if text.endswith("\n") and text.strip():
            return text.strip()
        time.sleep(0.01)
    raise ImproperlyConfigured(f"{path} holds no whole key. Delete the file: the next start makes a new one.")
