"""`make serve`: one server on a known port, until Ctrl-C and never longer."""

import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
import requests

from workshop import claims, paths

PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'workshop', *sys.argv[1:]])"
ADA = {"username": "ada", "password": "test"}


@pytest.fixture
def serve(environment, free_port, workshop, eventually, listens):
    """Run `make serve` of step 00's copy until it answers; it is ended with the test."""
    running = []
    workshop("start", "00")

    def start(*through, **variables):
        command = [sys.executable, *(through or ("-m", "workshop")), "serve"]
        process = subprocess.Popen(
            command,
            cwd=paths.NOTEBOOKS,
            env=environment(PORT=str(free_port), **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        eventually(lambda: listens(free_port) or process.poll() is not None, within=60)
        return SimpleNamespace(process=process, port=free_port, url=f"http://127.0.0.1:{free_port}")

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("command", ["serve", "class"])
def test_a_taken_port_is_reported_with_another_for_the_same_command(workshop, taken_port, command):
    run = workshop(command, PORT=str(taken_port))
    assert (run.returncode, run.stdout) == (1, "")
    assert (
        run.stderr
        == f"Error: Port {taken_port} is taken by another program. Use another: make {command} PORT={taken_port + 1}\n"
    )


BAD_LIFETIMES = [
    ({"ACCESS": "soon"}, "'--access' (env var: 'ACCESS'): 'soon' is not a valid number of seconds."),
    ({"ACCESS": "0"}, "0.0 is not in the range x>0"),
    ({"ACCESS": "nan"}, "(env var: 'ACCESS'): 'nan' is no length of time."),
    ({"REFRESH": "inf"}, "(env var: 'REFRESH'): 'inf' is no length of time."),
    ({"REFRESH": "-1"}, "-1.0 is not in the range x>0"),
]
BAD_VALUES = [(command, *bad) for command in ("serve", "demo") for bad in BAD_LIFETIMES]
BAD_VALUES.append(("serve", {"PORT": "99999"}, "99999 is not in the range 1<=x<=65535"))


@pytest.mark.parametrize(("command", "variables", "says"), BAD_VALUES)
def test_a_bad_value_is_reported(workshop, command, variables, says):
    run = workshop(command, **variables)
    assert run.returncode == 2
    assert says in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr


def test_a_mistake_in_the_copy_is_reported_with_its_line(workshop, work, free_port):
    workshop("start", "00")
    (work / "drf_course/urls.py").write_text("import lost\n")
    for _first_and_second in range(2):
        run = workshop("serve", PORT=str(free_port))
        assert (run.returncode, run.stdout) == (1, "")
        assert (
            "ModuleNotFoundError: No module named 'lost'\n  in work/drf_course/urls.py, line 1:" in run.stderr
        )
        assert "Traceback" not in run.stderr


def test_it_serves_the_copy_with_the_lifetimes_asked_for_and_ends_at_ctrl_c(serve, work, eventually, listens):
    server = serve(ACCESS="2", REFRESH="7")
    pair = requests.post(f"{server.url}/api/token/", json=ADA, timeout=5).json()
    said = [claims.parts(pair[name])[1] for name in ("access", "refresh")]
    assert [each["exp"] - each["iat"] for each in said] == [2, 7]
    assert (work / "db.sqlite3").exists()
    server.process.send_signal(signal.SIGINT)
    out, _ = server.process.communicate(timeout=30)
    assert server.process.returncode == 0
    assert out.startswith(
        "Serving your copy, work/. Accounts: admin, ada, grace; their password is test.\n"
        f"Token Lab: {server.url}/\nCtrl-C ends it.\n"
    )
    assert "Traceback" not in out
    eventually(lambda: not listens(server.port))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is a matter of POSIX")
def test_it_ends_when_it_is_killed(serve, eventually, listens):
    server = serve()
    assert listens(server.port)
    server.process.kill()
    eventually(lambda: not listens(server.port))
