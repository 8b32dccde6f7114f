"""A server that is vulnerable on purpose: for this machine only, marked as what it is, and gone with its parent."""

import subprocess

import pytest
import requests

from testkit import servers
from vulnerable.middleware import is_kept_here

HOLE = {"DJANGO_SETTINGS_MODULE": "vulnerable.settings", "VULNERABLE": "alg_none"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["runserver", "--noreload", "--stop-with-parent", "127.0.0.1:0"],
        ["runserver", "--stop-with-parent", "[::1]:8000"],
    ],
)
def test_on_this_machine_it_may_start(arguments):
    assert is_kept_here(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["runserver", "--stop-with-parent"],
        ["runserver", "127.0.0.1:0"],
        ["runserver", "--stop-with-parent", "0.0.0.0:8000"],
        ["runserver", "--stop-with-parent", "8000"],
        ["runserver", "--stop-with-parent", "127.0.0.1:0", "0.0.0.0:8000"],
        ["runserver", "--stop-with-parent", "127.0.0.1.example:8000"],
        ["serve_class", "--stop-with-parent", "127.0.0.1:8000"],
        ["drf_course.wsgi"],
    ],
)
def test_anywhere_else_it_may_not(arguments):
    assert not is_kept_here(arguments)


def test_for_every_address_of_the_machine_it_does_not_start(seeded):
    command = [*servers.MANAGE, "runserver", "--noreload", "--stop-with-parent", "0.0.0.0:0"]
    with servers.start(command, stderr=subprocess.STDOUT, DATABASE_URL=seeded, **HOLE) as process:
        said = process.stdout.read()  # to its end, which is the server's; its input stays open until then
    assert process.returncode != 0
    assert "vulnerable on purpose, so it serves this machine only" in said


def test_under_another_server_it_does_not_start(seeded):
    program = "import drf_course.wsgi"
    run = servers.run(["-c", program], DATABASE_URL=seeded, **HOLE)
    assert run.returncode != 0
    assert "vulnerable on purpose, so it serves this machine only" in run.stderr


def test_a_hole_that_there_is_not_is_told_with_those_there_are(seeded):
    run = servers.run(["manage.py", "check"], DATABASE_URL=seeded, **(HOLE | {"VULNERABLE": "alg_non"}))
    assert run.returncode != 0
    assert "There is no hole 'alg_non'. The holes are: alg_none, weak_key" in run.stderr


def test_it_says_what_it_is_in_the_log_on_every_page_and_in_every_response(seeded, tmp_path):
    log = tmp_path / "log"
    with servers.running(servers.OUR_RUNSERVER, log=log, DATABASE_URL=seeded, **HOLE) as server:
        page = requests.get(f"{server.url}/admin/login/", timeout=5)
        refused = requests.get(f"{server.url}/user-orders/", timeout=5)
        foreign = requests.get(f"{server.url}/products/", headers={"Host": "shop.example"}, timeout=5)
    assert "VULNERABLE SERVER (alg_none)" in log.read_text(encoding="utf-8")
    assert page.text.startswith("<!doctype html><p role='alert'><strong>VULNERABLE on purpose: alg_none")
    assert {response.headers["X-Vulnerable"] for response in (page, refused, foreign)} == {"alg_none"}
    assert (refused.status_code, foreign.status_code) == (401, 400)
