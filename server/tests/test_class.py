"""What a class needs: accounts on a sheet, and a server that takes everybody at once and ends with its parent."""

import csv
import socket
import stat
import sys
from http.client import HTTPConnection

import pytest
import requests
from django.core.management import CommandError, call_command

from api.models import User

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has waitress and no file modes")


@pytest.fixture
def development(settings, db):
    settings.TOKEN_LAB = settings.DEBUG = True  # populate_db needs DEBUG, and pytest-django turns it off


@pytest.fixture
def sheet(tmp_path):
    return tmp_path / "students.csv"


def rows(sheet):
    with sheet.open(newline="") as file:
        return {row["username"]: row["password"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("command", [["create_students", "1", "--sheet", "x"], ["serve_class"]])
def test_a_class_is_refused_in_production(db, command):
    with pytest.raises(CommandError, match="TOKEN_LAB is off"):
        call_command(*command)


@pytest.mark.parametrize("count", ["0", "1001"])
def test_a_number_that_is_no_class_is_refused(development, sheet, count):
    with pytest.raises(CommandError, match=f"{count} students cannot be made. Ask for 1 to 1000."):
        call_command("create_students", count, "--sheet", sheet)
    assert not sheet.exists()


def test_everybody_can_log_in_with_the_password_on_the_sheet(development, sheet, client):
    call_command("create_students", "2", "--sheet", sheet)
    assert list(rows(sheet)) == ["admin", "student001", "student002"]
    for name, password in rows(sheet).items():
        assert client.post("/api/token/", {"username": name, "password": password}).status_code == 200
    assert {user.username for user in User.objects.filter(is_superuser=True)} == {"admin"}


def test_only_the_owner_reads_the_sheet(development, sheet):
    call_command("create_students", "1", "--sheet", sheet)
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600


def test_a_larger_class_keeps_the_passwords_that_are_given_out(development, sheet):
    call_command("create_students", "1", "--sheet", sheet)
    before, hashed = rows(sheet), User.objects.get(username="student001").password
    call_command("create_students", "3", "--sheet", sheet)
    assert rows(sheet).items() >= before.items()
    assert User.objects.get(username="student001").password == hashed
    assert len(set(rows(sheet).values())) == 4


def test_an_account_that_is_gone_comes_back_with_its_password(development, sheet):
    call_command("create_students", "1", "--sheet", sheet)
    User.objects.all().delete()
    call_command("create_students", "1", "--sheet", sheet)
    assert User.objects.get(username="student001").check_password(rows(sheet)["student001"])


def test_the_password_that_everybody_knows_opens_no_admin(development, sheet):
    call_command("populate_db")
    call_command("create_students", "1", "--sheet", sheet)
    assert not User.objects.get(username="admin").check_password("test")


def test_who_connects_and_says_nothing_holds_nobody_up(class_server):
    host, _, port = class_server.url.removeprefix("http://").partition(":")
    silent = [socket.create_connection((host, int(port))) for _ in range(60)]
    assert requests.get(f"{class_server.url}/products/", timeout=5).status_code == 200
    for connection in silent:
        connection.close()


def test_who_stays_connected_and_idle_holds_nobody_up(class_server):
    host = class_server.url.removeprefix("http://")
    idle = [HTTPConnection(host, timeout=5) for _ in range(40)]
    for connection in idle:
        connection.request("GET", "/products/")
        assert connection.getresponse().read()
    assert requests.get(f"{class_server.url}/products/", timeout=5).status_code == 200
    assert any(connection.sock for connection in idle), "no connection was kept: this test tests nothing"
    for connection in idle:
        connection.close()


@pytest.mark.parametrize("kind", ["class_server", "shop"])
def test_a_body_of_ten_megabytes_is_answered_and_not_cut_off(request, kind):
    url = request.getfixturevalue(kind).url
    answer = requests.post(f"{url}/api/token/", data=b"a" * 10_000_000, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_the_pages_find_their_styles(class_server):
    assert requests.get(f"{class_server.url}/static/admin/css/base.css", timeout=5).status_code == 200


def test_the_server_ends_when_its_parent_lets_go(own_class_server):
    own_class_server.process.stdin.close()
    assert own_class_server.process.wait(timeout=10) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(own_class_server.url, timeout=5)
