"""No server outlives the program that started it, however that ends."""

import os
import signal
import subprocess
import sys

import pytest

from workshop import paths
from workshop.learner import tree

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is a matter of POSIX")
PARENT = """
import sys, time
from workshop import paths
from workshop.servers.live_server import LiveServer
server = LiveServer(paths.SERVER).start()
print(server.port, server.folder, flush=True)
time.sleep(600)
"""


def test_a_server_ends_when_the_program_that_started_it_is_killed(environment, listens, eventually):
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(
        command, cwd=paths.NOTEBOOKS, env=environment(), stdout=subprocess.PIPE, text=True
    ) as parent:
        port = int(parent.stdout.readline().split()[0])
        assert listens(port)
        parent.kill()
    eventually(lambda: not listens(port))


def test_a_server_ends_when_the_kernel_of_its_notebook_is_killed(kernel, listens, eventually):
    notebook = kernel()
    said = notebook.run(
        "from workshop.notebook import open_step\nserver = open_step('00')\nprint('port', server.port)"
    )
    port = int(said.split()[-1])
    assert listens(port)
    os.kill(notebook.pid, signal.SIGKILL)
    eventually(lambda: not listens(port))


def test_a_check_and_its_server_end_when_make_check_is_killed(toy, work, environment, listens, eventually):
    waits = "def double(n):\n    import time, os\n    time.sleep(600)\n"
    checks = toy.two_checks.replace('learner("client/toy.py").double(3)', "told(url)").replace(
        "(learner)", "(url)"
    )
    noted = work / "port"
    checks += f"\n\ndef told(url):\n    open({str(noted)!r}, 'w').write(url.rpartition(':')[2] + '\\n')\n    __import__('time').sleep(600)\n"
    tree.starter(work, toy(start=waits, checks=checks))
    (work / ".step").write_text("00_toy\n")
    variables = environment(WORKSHOP_SOLUTIONS=str(work.parent / "solutions"))
    command = [sys.executable, "-m", "workshop", "check"]
    with subprocess.Popen(command, cwd=paths.NOTEBOOKS, env=variables, stdout=subprocess.DEVNULL) as checking:
        eventually(lambda: noted.exists() and noted.read_text().endswith("\n"), within=60)
        port = int(noted.read_text())
        assert listens(port)
        checking.kill()
    eventually(lambda: not listens(port))
