"""The same server on PostgreSQL, through DATABASE_URL."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
import requests

LOGIN = {"username": "admin", "password": "test"}


def find(program):
    """The path of one of PostgreSQL's programs: on PATH, or where Debian keeps them; or None."""
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *debian]))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def postgresql(need):
    """The address of a new PostgreSQL cluster, gone after the test."""
    initdb, pg_ctl = find("initdb"), find("pg_ctl")
    need(initdb and pg_ctl, "No PostgreSQL is found. On Debian, `apt-get install postgresql` installs it.")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    # PostgreSQL refuses to run as root.
    as_owner = ["runuser", "-u", "postgres", "--"] if is_root else []

    def run(*command):
        subprocess.run([*as_owner, *command], check=True, stdout=subprocess.DEVNULL, timeout=60, cwd="/")

    with tempfile.TemporaryDirectory() as folder:
        if is_root:
            shutil.chown(folder, "postgres")
        data, port = f"{folder}/data", free_port()
        run(initdb, "-D", data, "-U", "shop", "-A", "trust", "-N", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        run(pg_ctl, "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://shop@127.0.0.1:{port}/postgres"
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")


def test_the_shop_runs_on_postgresql(postgresql, manage, serve):
    for command in ("migrate", "populate_db", "populate_db"):
        run = manage(command, DATABASE_URL=postgresql)
        assert (run.returncode, run.stderr) == (0, "")
    with serve(DATABASE_URL=postgresql) as server:
        access = requests.post(f"{server.url}/api/token/", json=LOGIN, timeout=5).json()["access"]
        header = {"Authorization": f"Bearer {access}"}
        orders = requests.get(f"{server.url}/user-orders/", headers=header, timeout=5)
        lamp = {"name": "Lamp", "price": "9.90", "stock": 1}
        added = requests.post(f"{server.url}/products/", json=lamp, headers=header, timeout=5)
    assert (orders.status_code, len(orders.json())) == (200, 2)
    assert (added.status_code, added.json()["id"]) == (201, 7)
