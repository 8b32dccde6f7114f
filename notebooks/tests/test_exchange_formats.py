"""One exchange in four languages: each is run as the lesson shows it, and the server sees the same four requests."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from testkit.machine import need
from workshop import paths
from workshop.authoring import exchange_formats, generated
from workshop.authoring.exchange_formats import REFRESHING, SHOP
from workshop.expect import ENCODED_TOKEN
from workshop.servers.live_server import LiveServer

HTTPYAC = paths.ROOT / "node_modules" / ".bin" / "httpyac"
ACCESS_LINE = re.compile(r'"(\w+ \S+) HTTP/1\.1" (\d{3})')
LIMIT = 60  # seconds
STORY = [
    ("POST /api/token/", "200"),
    ("GET /user-orders/", "200"),
    ("POST /api/token/refresh/", "200"),
    ("GET /user-orders/", "200"),
]


@pytest.fixture(scope="module")
def shop():
    with LiveServer(paths.SERVER) as server:
        yield server


@pytest.fixture
def seen(shop):
    """What the server has seen in this test."""
    shop.log.clear()

    def requests_seen():
        until = time.monotonic() + 5
        while (
            len(found := ACCESS_LINE.findall("\n".join(shop.log))) < len(STORY) and time.monotonic() < until
        ):
            time.sleep(0.01)  # the log comes through a pipe
        return found

    return requests_seen


def shown(write, shop):
    """The text as a reader gets it, with the address of a real server."""
    return write(REFRESHING).replace(SHOP, shop.url)


def output_of(command, **options):
    run = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False, **options)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_http_file_is_sent_from_top_to_bottom(shop, seen, tmp_path):
    need(HTTPYAC.exists(), "httpyac is not installed. In the repository, `npm ci` installs it.")
    Path(tmp_path, "refreshing.http").write_text(shown(exchange_formats.as_http, shop), encoding="utf-8")
    shutil.copy(paths.SERVER / ".httpyac.js", tmp_path)
    # The output holds tokens of a demo account: only the status codes of it are looked at.
    told = output_of([HTTPYAC, "send", "refreshing.http", "--all", "--json"], cwd=tmp_path)
    answers = [entry["response"]["statusCode"] for entry in json.loads(told)["requests"]]
    assert answers == [200, 200, 200, 200]
    assert seen() == STORY


def test_the_curl_commands_run_in_bash_and_print_no_token(shop, seen):
    bash = shutil.which("bash")
    need(bash and shutil.which("curl"), "bash and curl are needed to run the curl commands.")
    told = output_of([bash, "-c", shown(exchange_formats.as_curl, shop)])
    assert seen() == STORY
    assert [len(json.loads(line)) for line in told.splitlines()] == [2, 2]  # ada's two orders, twice
    assert not ENCODED_TOKEN.search(told)


def test_no_curl_command_holds_a_token_or_a_password():
    commands = re.findall(r"curl -sS.*?<<<", exchange_formats.as_curl(REFRESHING), re.DOTALL)
    assert len(commands) == len(STORY)
    assert not [command for command in commands if "access" in command or "password" in command]


def test_the_python_code_runs_and_prints_no_token(shop, seen, capsys):
    exec(compile(shown(exchange_formats.as_python, shop), "refreshing.py", "exec"), {})  # noqa: S102
    told = capsys.readouterr().out
    assert seen() == STORY
    assert [line[:4] for line in told.splitlines()] == ["200 ", "200 "]
    assert not ENCODED_TOKEN.search(told)


@pytest.mark.parametrize("write", ["as_http", "as_curl", "as_powershell", "as_python"])
def test_every_language_makes_the_same_calls_in_the_same_order(write):
    """All that is tried of the PowerShell: the tests have no PowerShell to run it."""
    text = getattr(exchange_formats, write)(REFRESHING)
    assert re.findall(r"shop[}]*(/[\w/-]+)", text) == [call.path for call in REFRESHING]


def test_the_lesson_holds_what_the_list_makes():
    lesson = paths.LESSONS / "04_refresh.md"
    text = lesson.read_text(encoding="utf-8")
    assert all(f"<!-- generated: {name} -->" in text for name in exchange_formats.LESSON_PARTS)
    assert generated.lesson(lesson) == text
