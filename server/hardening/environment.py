"""Reads the environment variables, once at the start. A value that cannot be used raises ImproperlyConfigured."""

import os
import secrets
import stat
import time
from datetime import timedelta
from pathlib import Path

import dj_database_url

# Django's test behind the warning security.W009 of `check --deploy`. Here it stops the start.
from django.core.checks.security.base import SECRET_KEY_MIN_LENGTH, _check_secret_key
from django.core.exceptions import ImproperlyConfigured

ON = ("1", "true", "yes", "on")
OFF = ("0", "false", "no", "off")
PLACEHOLDERS = ("change", "example", "insecure", "placeholder")  # words of keys that come with a project
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


def forwarded():
    """The host name under which a codespace shows this server, in a list; empty elsewhere."""
    codespace = os.environ.get("CODESPACE_NAME", "")
    domain = os.environ.get("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN", "app.github.dev")
    return [f"{codespace}-{os.environ.get('PORT', '8000')}.{domain}"] if codespace else []


def count(name, *, default):
    """The variable as a whole number, 0 or more; `default` when it is not set."""
    found = os.environ.get(name)
    if found is None:
        return default
    if not found.strip().isdecimal():
        raise ImproperlyConfigured(f"{name} is {found!r}. Set it to a whole number, 0 or more, or unset it.")
    return int(found)


def lifetimes():
    """The token lifetimes that the environment sets, by their names in SIMPLE_JWT."""
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


def secret(name):
    """The variable, or the one line of the file that `name`_FILE names; "" when neither is set.

    Everybody who may list the processes can read a variable; a file has an owner. Containers get their secrets as files,
    often such that all may read them (0444): nobody else is in a container, so that is no reason to refuse one. What everybody
    may write is refused, because then anybody may have chosen the secret.
    """
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name, "")
    if os.environ.get(name):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Unset one of them.")
    try:
        anybody_writes = os.name == "posix" and Path(file).stat().st_mode & stat.S_IWOTH
        found = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        # The file may hold a secret: of the error, only the reason is repeated.
        why = getattr(error, "strerror", None) or "it is no text"
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read: {why}.") from None
    if anybody_writes:
        raise ImproperlyConfigured(
            f"{name}_FILE names {file}, which everybody may write, so anybody may have chosen the secret. Make a new "
            f"secret, in a file that only its owner can read and write (mode 0600)."
        )
    if not found:
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which is empty. Write the secret into it.")
    return found


def database():
    """The database of DATABASE_URL, or of the file that DATABASE_URL_FILE names; None when neither is set."""
    url = secret("DATABASE_URL")
    try:
        return dj_database_url.parse(url) if url else None
    except ValueError as error:
        # The address may hold a password: it is not repeated.
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read. {error} Wanted: postgresql://user:password@host:5432/name"
        ) from None


def key(name, *, debug, key_file):
    """The key in the variable or in its file (see `secret`); without both, and in development only, the random key kept in `key_file`.

    With `debug` off a key that is missing or weak raises ImproperlyConfigured.
    """
    found = secret(name)
    if debug:
        return found or development_key(key_file, name)
    if flag("TOKEN_LAB", default=False):
        return classroom_key(name, key_file)
    if not _check_secret_key(found) or any(word in found.lower() for word in PLACEHOLDERS):
        raise ImproperlyConfigured(
            f"{name} is {'weak' if found.strip() else 'missing'}. With DJANGO_DEBUG off it must be random, at least "
            f'{SECRET_KEY_MIN_LENGTH} characters long. Make one: python -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    return found


def classroom_key(name, key_file):
    """The development key, for a class without DEBUG. The Token Lab shows every request: a production key is rejected."""
    if secret(name):
        raise ImproperlyConfigured(
            f"TOKEN_LAB is on and {name} is set. The Token Lab shows everybody's requests, so it never runs with a "
            f"production key: unset {name}, or set TOKEN_LAB to 0."
        )
    return development_key(key_file, name)


def development_key(path, name="DJANGO_SECRET_KEY"):
    """The key in `path`, which is made when it is missing. Servers that start at the same time get the same key.

    `name` is the variable to set where no file can be written to the folder.
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
