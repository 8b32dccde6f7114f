"""Private keys in files that only their owner can read, outside git: one file for each key, `<name>.pem`."""

import os
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.core.exceptions import ImproperlyConfigured

from drf_course.environment import BASE_DIR, DEBUG
from hardening.environment import flag, names

FOLDER = Path(os.environ.get("JWT_KEY_FOLDER") or BASE_DIR / ".keyring")
NAMES = names("JWT_KEYRING") or ["first"]
DEVELOPMENT = DEBUG or flag("TOKEN_LAB", default=False)

# For each algorithm: what its keys are, how one is made here, and how with openssl.
KINDS = {
    "EdDSA": (ed25519.Ed25519PrivateKey, ed25519.Ed25519PrivateKey.generate, "ed25519"),
    "ES256": (
        ec.EllipticCurvePrivateKey,
        partial(ec.generate_private_key, ec.SECP256R1()),
        "EC -pkeyopt ec_paramgen_curve:P-256",
    ),
}


def private_keys(algorithm):
    """The private keys that JWT_KEYRING names, in its order. A key that cannot be used raises ImproperlyConfigured."""
    return [private_key(FOLDER / f"{name}.pem", algorithm) for name in NAMES]


def private_key(path, algorithm):
    """The key in this file. In development a missing file is made; in production nobody else would know the new key."""
    try:
        if DEVELOPMENT and not path.exists():
            make(path, algorithm)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise ImproperlyConfigured(
                f"The signing key {path} can be read by others than its owner, so it is no secret any more. Make "
                f"another, and name that one in JWT_KEYRING: {command(path.with_name('another.pem'), algorithm)}"
            )
        key = load_pem_private_key(path.read_bytes(), password=None)
    except PermissionError:
        raise ImproperlyConfigured(
            f"The signing key {path} cannot be read: it belongs to another user. Make the user that runs this server "
            "the owner of the file and of its folder."
        ) from None
    except OSError as error:
        raise ImproperlyConfigured(
            f"The signing key {path} cannot be read: {error.strerror}. Make it: {command(path, algorithm)}"
        ) from None
    except (ValueError, TypeError):  # the error may quote the file: it is not repeated
        raise ImproperlyConfigured(
            f"{path} holds no private key that can be read. Restore it, or make a new one: {command(path, algorithm)}"
        ) from None
    if not isinstance(key, KINDS[algorithm][0]):
        raise ImproperlyConfigured(
            f"{path} holds a key of another kind than {algorithm} needs. Make another, and name that one in "
            f"JWT_KEYRING: {command(path.with_name('another.pem'), algorithm)}"
        )
    return key


def command(path, algorithm):
    """What to type to make such a key."""
    return f"(umask 077; openssl genpkey -algorithm {KINDS[algorithm][2]} -out {path})"


def make(path, algorithm):
    """Write a new key. Of several servers that start at the same time, the first one makes it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = KINDS[algorithm][1]().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:  # 0700
        whole = Path(folder) / path.name
        whole.touch(mode=0o600)
        whole.write_bytes(pem)
        with suppress(FileExistsError):
            os.link(whole, path)  # never half a key, and never over one that is there
