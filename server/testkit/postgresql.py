"""A PostgreSQL of one's own, thrown away afterwards. It ends with this process, too."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from testkit.machine import free_port
from testkit.servers import end, start, watched

USER = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None  # it refuses to run as root
PATIENCE = 30  # seconds to start


def find(program):
    """The path of one of PostgreSQL's programs: on PATH, or where Debian keeps them; or None."""
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *debian]))


def is_here():
    return bool(find("initdb") and find("postgres"))


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
    subprocess.run(
        command,
        user=USER,
        group=USER,
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=60,
        cwd=Path(data).parent,
    )


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
