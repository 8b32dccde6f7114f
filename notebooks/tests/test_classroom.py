"""`make class`: the sheet, the address, and an end with Ctrl-C or with the terminal."""

import csv
import os
import signal
import stat
import subprocess
import sys
import time

import pytest
import requests

from testkit.machine import free_port
from workshop import paths
from workshop.servers import classroom

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and file modes are Unix's")


@pytest.fixture
def start(tmp_path):
    """Start a class of two on a free port; what is left of it is killed in the end."""
    started = []

    def run(**variables):
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "workshop",
            "class",
            "--students",
            "2",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
        ]
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "DATABASE"))
        }
        process = subprocess.Popen(
            command,
            cwd=paths.NOTEBOOKS,
            env=environment | {"WORKSHOP_CLASS": str(tmp_path / "class"), "PYTHONUTF8": "1"} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process, f"http://127.0.0.1:{port}"

    yield run
    for process in started:
        process.kill()
        process.communicate()


def read_until_ready(process):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("The class is served at"):
            break
    return "".join(lines)


def is_gone(url):
    for _ in range(100):
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("database", [{}, {"DATABASE_URL": "sqlite:///{folder}/production.sqlite3"}])
def test_production_is_refused_with_a_sentence(start, tmp_path, database):
    database = {name: url.format(folder=tmp_path) for name, url in database.items()}
    process, _ = start(DJANGO_SECRET_KEY="0123456789abcdef" * 4, **database)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "TOKEN_LAB is on and DJANGO_SECRET_KEY is set." in output
    assert not (tmp_path / "production.sqlite3").exists()


def test_a_class_logs_in_and_ends_with_ctrl_c(start, tmp_path):
    process, url = start()
    shown = read_until_ready(process)
    sheet = tmp_path / "class" / "students.csv"
    with sheet.open(newline="") as file:
        passwords = {row["username"]: row["password"] for row in csv.DictReader(file)}
    assert sorted(passwords) == ["admin", "student001", "student002"]
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    # The terminal may be on the projector.
    assert not any(password in shown for password in passwords.values())
    assert f"The class opens  {url}/" in shown and "slips.html" in shown
    slips = tmp_path / "class" / "slips.html"
    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    page = slips.read_text(encoding="utf-8")
    assert page.count("<article>") == page.count("<svg") == 2
    assert all((password in page) == (name != "admin") for name, password in passwords.items())
    assert "█" in shown  # the QR code
    for name, password in passwords.items():
        login = {"username": name, "password": password}
        pair = requests.post(f"{url}/api/token/", json=login, timeout=10)
        assert pair.status_code == 200
        header = {"Authorization": f"Bearer {pair.json()['access']}"}
        assert len(requests.get(f"{url}/user-orders/", headers=header, timeout=10).json()) == 2
    page = requests.get(url, timeout=10).text
    assert f"<strong>{url}/</strong>" in page and '"name": "student002"' in page
    assert "data-account" not in page and 'data-do="admin"' not in page
    code = requests.get(f"{url}/lab/qr.svg", timeout=10)
    assert (code.status_code, code.headers["Content-Type"]) == (200, "image/svg+xml")
    assert 'xmlns="http://www.w3.org/2000/svg"' in code.text
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert "Stopped." in rest
    assert (process.returncode, is_gone(url)) == (0, True)
    assert not any(password in rest for password in passwords.values())


def test_the_server_ends_when_its_terminal_dies(start):
    process, url = start()
    read_until_ready(process)
    process.kill()
    assert is_gone(url)


def test_the_address_of_this_machine_is_found_without_sending_anything():
    assert len(classroom.lan_address().split(".")) == 4
