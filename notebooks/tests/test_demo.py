"""The demo, as somebody watches it: on a projector, in a pipe, with pauses, and when it goes wrong."""

import io
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from rich.console import Console

from workshop import claims, demo, paths
from workshop.display import waiting
from workshop.errors import WorkshopError
from workshop.learner import tree
from workshop.servers.live_server import LiveServer

# A token of n seconds lives for n - 1 at least, because exp is a whole second: room for a machine with other work.
QUICK = {"ACCESS": "3", "REFRESH": "6"}
CHANGED = """
import sys
from pathlib import Path
from workshop import paths
paths.SERVER = Path(sys.argv.pop(1))
from workshop.cli import cli
cli()
"""
STORY = """
POST /api/token/ 200 OK refresh + access
GET /user-orders/ 200 OK 2 orders
GET /user-orders/ 401 Unauthorized Token is expired
POST /api/token/refresh/ 200 OK access
GET /user-orders/ 200 OK 2 orders
GET /user-orders/ 401 Unauthorized Token has wrong type
POST /api/token/refresh/ 401 Unauthorized Token has wrong type
POST /api/token/ 200 OK refresh + access + username
POST /api/token/ 200 OK refresh + access
POST /api/token/refresh/ 401 Unauthorized Token is expired
POST /api/token/ 200 OK refresh + access
GET /user-orders/ 200 OK 2 orders
POST /api/token/ 200 OK refresh + access
POST /api/token/refresh/ 200 OK access + refresh
POST /api/token/refresh/ 401 Unauthorized Token was used before
POST /api/token/refresh/ 401 Unauthorized Token family is revoked
POST /api/token/ 200 OK refresh + access
GET /orders/ 200 OK 6 orders
POST /api/token/ 200 OK refresh + access
GET /orders/ 401 Unauthorized Token is invalid
POST /api/token/ 200 OK refresh + access
GET /user-orders/ 200 OK 2 orders
POST /api/token/refresh/ 200 OK access + refresh
GET /user-orders/ 200 OK 2 orders
GET /user-orders/ 401 Unauthorized Token is invalid
"""


def exchanges(text):
    """The lines with an exchange, their spaces joined."""
    return [" ".join(line.split()) for line in text.splitlines() if re.match(r"\s+(GET|POST) ", line)]


@pytest.fixture
def started(environment):
    """Start the demo with pipes; it is ended with the test."""
    running = []

    def start(*arguments, **variables):
        command = [sys.executable, "-m", "workshop", "demo", *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running.append(
            subprocess.Popen(
                command,
                cwd=paths.NOTEBOOKS,
                env=environment(PYTHONUNBUFFERED="1", **variables),
                text=True,
                start_new_session=True,
                **pipes,
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '("Bearer",)',
            '("JWT",)',
            "The story says 200 (no refusal) here, and the server answered 401 (Authentication credentials",
        ),
        ('"HS256",', '"HS999",', "The story says 200 (no refusal) here, and the server answered 500"),
        ('"HS256",', '"HS256"', "The server did not start. SyntaxError"),
    ],
)
def test_a_server_that_answers_something_else_ends_the_story_with_an_error(
    environment, tmp_path, old, new, says
):
    server = tmp_path / "server"
    tree.shutil.copytree(paths.SERVER, server, ignore=tree.LEFT_OUT)
    settings = server / "drf_course/simple_jwt.py"
    settings.write_text(settings.read_text().replace(old, new))
    run = subprocess.run(
        [sys.executable, "-c", CHANGED, str(server), "demo"],
        cwd=paths.NOTEBOOKS,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert says in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr


def test_a_lifetime_that_is_too_short_for_the_machine_is_named_as_the_cause():
    with LiveServer(paths.SERVER, access=2, refresh=60) as server:
        story = demo.Story(server, Console(file=io.StringIO()))
        story.obtain()
        waiting.until(claims.expiry(story.access), tick=lambda _left: None)
        with pytest.raises(WorkshopError, match=r"died on its way: .* make demo ACCESS=10 REFRESH=20"):
            story.present(story.access)


def test_ctrl_c_stops_everything(started, listens, eventually):
    process = started()
    port = int(re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())[1])
    while "waiting" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.strip() == "Stopped. Nothing is left running."
    eventually(lambda: not listens(port))


def test_every_line_is_what_the_server_answered(started):
    process = started(**QUICK)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert exchanges(out) == STORY.split("\n")[1:-1]
    for number, title in enumerate(demo.ACTS, start=1):
        assert f"\n{number}  {title}\n" in out
    assert "\nWhat happened\n\nseconds " in out
    assert "... waiting" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "ey" + "J" not in out


def test_a_pause_without_anybody_to_press_enter_goes_on(environment):
    command = f'exec "{sys.executable}" -m workshop demo <&-'
    run = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=paths.NOTEBOOKS,
        env=environment(PAUSE="1", **QUICK),
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "\nWhat happened\n" in run.stdout


@pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal is a matter of POSIX")
def test_a_pause_waits_for_enter_and_may_outlive_the_tokens(environment):
    import pexpect

    variables = environment(PAUSE="1", TERM="dumb", **QUICK)
    command = ["-m", "workshop", "demo"]
    screen = pexpect.spawn(
        sys.executable, command, cwd=str(paths.NOTEBOOKS), env=variables, encoding="utf-8", timeout=60
    )
    for act in [*demo.ACTS][:-1]:
        screen.expect(act)
        screen.expect("Enter goes on")
        if act == "Refresh it":
            time.sleep(int(QUICK["REFRESH"]))  # as long as the refresh token lives
        screen.send("\n")
    screen.expect("What happened")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0


def test_only_the_dead_one_of_a_pair_is_enough_to_log_in_again():
    with LiveServer(paths.SERVER, access=3, refresh=60) as server:
        story = demo.Story(server, Console(file=io.StringIO()))
        story.obtain()
        waiting.until(claims.expiry(story.access), tick=lambda _left: None)
        demo.confuse_the_two(story)
    assert story.count == 2
