"""What only POSIX has is never needed: the branches for Windows, forced here, do the same work."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from workshop import paths
from workshop.learner import manifest
from workshop.servers import live_server
from workshop.setup import become, jupyter

# Read by every Python that a test starts: to it, these are not there, as on Windows.
LIKE_WINDOWS = """\
import os
import sys

for name in ("chown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid", "killpg", "setsid"):
    delattr(os, name)
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
"""
EVERY_MODULE = """
import importlib, pathlib, workshop

top = pathlib.Path(workshop.__file__).parent
for path in sorted(top.rglob("*.py")):
    parts = path.relative_to(top).with_suffix("").parts
    elsewhere = {"demo_shop", "in_tab"} & set(parts)  # programs of another process, or of a browser's tab
    alone = parts[-1] in ("__init__", "__main__", "kernel_startup", "check_plugin", "own_process", "seed")
    if not elsewhere and not alone:
        importlib.import_module(".".join(("workshop", *parts)))
print("all imported")
"""
RESTARTED = """
import requests
from workshop import paths
from workshop.servers.live_server import LiveServer

with LiveServer(paths.SERVER) as server:
    server.restart(LEEWAY=5)
    print(requests.get(f"{server.url}/products/").status_code)
"""


@pytest.fixture
def run(tmp_path, environment):
    """Run a program, and whatever it starts, without what only POSIX has."""
    (tmp_path / "sitecustomize.py").write_text(LIKE_WINDOWS)

    def start(program, *arguments):
        return subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=paths.NOTEBOOKS,
            env=environment(PYTHONPATH=str(tmp_path)),
            capture_output=True,
            text=True,
            timeout=100,
        )

    return start


def test_it_is_really_taken_away(run):
    done = run("import os; os.killpg")
    assert "AttributeError: module 'os' has no attribute 'killpg'" in done.stderr


@pytest.mark.parametrize(("program", "says"), [(EVERY_MODULE, "all imported\n"), (RESTARTED, "200\n")])
def test_modules_and_servers_need_nothing_of_posix(run, program, says):
    done = run(program)
    assert (done.returncode, done.stdout) == (0, says), done.stderr


def test_a_learner_goes_from_start_to_pass_without_posix(run):
    for command in (["start", "00"], ["solve"], ["check"]):
        done = run("from workshop.cli import cli; cli()", *command)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert f"{manifest.find('00').stem}: passed" in done.stdout


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_a_port_is_held_on_linux_only(monkeypatch, system):
    monkeypatch.setattr(live_server, "sys", SimpleNamespace(platform=system))
    monkeypatch.setattr(live_server, "socket", SimpleNamespace(socket=Unbindable))
    with live_server.reserved(8000):
        pass


class Unbindable:
    """A socket that may be made and closed, and nothing else."""

    def __enter__(self):
        return None

    def __exit__(self, *_error):
        return None


def test_on_windows_a_command_is_run_and_its_exit_code_handed_on(monkeypatch, tmp_path):
    monkeypatch.setattr(become, "os", SimpleNamespace(name="nt", environ=os.environ, chdir=monkeypatch.chdir))
    with pytest.raises(SystemExit) as ended:
        become.become([sys.executable, "-c", "import sys; sys.exit(7)"], folder=tmp_path)
    assert ended.value.code == 7


def test_where_nobody_is_root_jupyter_is_told_nothing(monkeypatch):
    monkeypatch.setattr(jupyter, "os", SimpleNamespace(name="nt"))
    assert jupyter.as_root() == []
