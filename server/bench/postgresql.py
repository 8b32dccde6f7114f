"""A PostgreSQL of one's own, thrown away afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


def find(program):
    """The path of one of PostgreSQL's programs: on PATH, or where Debian keeps them; or None."""
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *debian]))


def is_here():
    return bool(find("initdb") and find("pg_ctl"))


@contextmanager
def cluster():
    """The address of a new database, on a free port of 127.0.0.1, while the block runs."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    # PostgreSQL refuses to run as root.
    as_owner = ["runuser", "-u", "postgres", "--"] if is_root else []

    def run(*command):
        subprocess.run([*as_owner, *command], check=True, stdout=subprocess.DEVNULL, timeout=60, cwd="/")

    with tempfile.TemporaryDirectory() as folder:
        if is_root:
            shutil.chown(folder, "postgres")
        data, port = f"{folder}/data", free_port()
        run(find("initdb"), "-D", data, "-U", "shop", "-A", "trust", "-N", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        run(find("pg_ctl"), "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://shop@127.0.0.1:{port}/postgres"
        finally:
            run(find("pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
