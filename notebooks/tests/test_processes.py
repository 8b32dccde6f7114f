"""A program begins alike whether it is forked from the seed or started anew, and a seed that is gone is no error."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workshop.servers import processes

SHOW = """
import json, os, sys
from django.conf import settings
print(json.dumps({
    "arguments": sys.argv, "folder": os.getcwd(), "first place": sys.path[0], "name": __name__,
    "variables": dict(os.environ), "input": sys.stdin.read(), "configured": settings.configured,
}))
print("to the errors", file=sys.stderr)
"""
anew_too = pytest.mark.parametrize("forks", [True, False], ids=["forked", "started anew"])
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a seed, and /proc")


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Start a script of this text; its output and errors go to files beside it."""

    def run(text, forks=True, **options):
        monkeypatch.setattr(processes, "FORKS", forks and processes.FORKS)
        script = tmp_path / "script.py"
        script.write_text(text)
        with (tmp_path / "output").open("wb") as output, (tmp_path / "errors").open("wb") as errors:
            files = {"output": output, "errors": errors}
            process = processes.start(
                [str(script), "one", "two"], cwd=tmp_path, env=dict(os.environ), **(files | options)
            )
        process.stdin.close()
        return process

    return run


@anew_too
def test_a_program_gets_its_own_arguments_folder_variables_and_files(begin, tmp_path, forks, monkeypatch):
    monkeypatch.setenv("ONLY_HERE", "1")
    assert begin(SHOW, forks).wait(30) == 0
    found = json.loads((tmp_path / "output").read_text())
    assert found["arguments"] == [str(tmp_path / "script.py"), "one", "two"]
    assert (found["folder"], found["first place"]) == (str(tmp_path), str(tmp_path))
    assert (found["name"], found["input"], found["configured"]) == ("__main__", "", False)
    assert found["variables"]["ONLY_HERE"] == "1"
    assert found["variables"].keys() <= os.environ.keys() | {"LC_CTYPE"}
    assert (tmp_path / "errors").read_text() == "to the errors\n"


@anew_too
def test_a_variable_that_is_gone_is_gone_in_the_program(begin, tmp_path, forks, monkeypatch):
    monkeypatch.setenv("FOR_A_WHILE", "1")
    begin(SHOW, forks).wait(30)
    monkeypatch.delenv("FOR_A_WHILE")
    begin(SHOW, forks).wait(30)
    assert "FOR_A_WHILE" not in json.loads((tmp_path / "output").read_text())["variables"]


@anew_too
def test_a_variable_that_python_reads_at_its_start_works(begin, tmp_path, forks, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "cp949")
    begin("import sys; print(sys.stdout.encoding)", forks).wait(30)
    assert (tmp_path / "output").read_text() == "cp949\n"


@anew_too
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raise SystemExit(3)", 3),
        ("1 / 0", 1),
        ("raise SystemExit('a sentence')", 1),
        ("import os; os._exit(4)", 4),
        ("import os; os.kill(os.getpid(), 9)", -9),
    ],
)
def test_the_exit_code_is_the_program_s(begin, forks, text, code):
    process = begin(text, forks)
    assert process.wait(30) == code
    assert process.poll() == code


@anew_too
def test_a_program_that_ends_has_its_last_words(begin, tmp_path, forks):
    """Its threads come to their end, what it registered runs, and what it printed arrives."""
    said = "import atexit, sys, threading; atexit.register(print, 'at exit', end=''); sys.stdout.reconfigure(line_buffering=False)"
    begin(f"{said}; threading.Timer(0.2, print, ['a thread']).start(); print('the end')", forks).wait(30)
    assert (tmp_path / "output").read_text() == "the end\na thread\nat exit"


@anew_too
def test_a_sentence_at_the_exit_is_an_error(begin, tmp_path, forks):
    begin("raise SystemExit('No such file.')", forks).wait(30)
    assert (tmp_path / "errors").read_text() == "No such file.\n"


@anew_too
def test_a_file_with_the_name_of_a_library_hides_it(begin, tmp_path, forks):
    """As Python itself has it: a learner's jwt.py beside manage.py must fail here as it does in a terminal."""
    (tmp_path / "jwt.py").write_text("WHOSE = 'mine'\n")
    begin("import jwt; print(jwt.WHOSE)", forks).wait(30)
    assert (tmp_path / "output").read_text() == "mine\n"


@anew_too
def test_a_program_that_does_not_end_can_be_ended(begin, forks):
    process = begin("import time; time.sleep(600)", forks)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.2)
    assert process.poll() is None
    process.terminate()
    assert process.wait(30) == -signal.SIGTERM


@linux
@anew_too
def test_what_a_program_alone_leaves_behind_ends_with_its_group(begin, tmp_path, forks, eventually):
    text = "import os, subprocess, sys, time\nchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    process = begin(text + "print(child.pid, flush=True)\ntime.sleep(600)", forks, alone=True)
    eventually(lambda: (tmp_path / "output").read_text().endswith("\n"), within=30)
    child = int((tmp_path / "output").read_text())
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    eventually(lambda: not lives(child))


def lives(pid):
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_seed_that_is_gone_is_replaced_by_a_start_anew(begin, tmp_path, monkeypatch):
    nobody, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    other.close()
    monkeypatch.setattr(processes, "SEED", nobody)
    with nobody:
        process = begin("print('here')")
        assert process.wait(30) == 0
    assert isinstance(process, subprocess.Popen)
    assert (tmp_path / "output").read_text() == "here\n"


@linux
def test_the_seed_ends_with_the_process_that_made_it(eventually):
    text = "import sys, time; from workshop.servers import processes; processes.own_seed(); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", text]) as parent:
        eventually(lambda: seeds(parent.pid), within=30)
        (seed,) = seeds(parent.pid)
        time.sleep(1)  # it is reading its libraries or done with them: it has to end in both cases
        parent.kill()
    eventually(lambda: not lives(seed), within=30)


def seeds(pid):
    """The children of a process."""
    return [int(found) for found in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
