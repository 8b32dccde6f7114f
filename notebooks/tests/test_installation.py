"""Setting up: what is locked, when it is done again, and what it says. Nothing here uses the network."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import paths
from workshop.setup import installation

LOCKS = {name: lock for name, (lock, _) in installation.SETS.items()}
INSTALLER = paths.ROOT / "requirements-installer.txt"
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", re.M)


def pins(lock):
    return dict(PIN.findall(lock.read_text()))


@pytest.mark.parametrize("lock", [*LOCKS.values(), INSTALLER], ids=lambda lock: lock.name)
def test_every_pin_has_a_hash_and_no_place_is_named(lock):
    text = lock.read_text()
    entries = re.split(r"^(?=[\w])", text, flags=re.M)[1:]
    assert entries
    assert all(PIN.match(entry) and "--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?://|index-url|find-links|trusted-host", text)


def test_each_set_holds_the_one_before_at_the_same_versions():
    core, lab, dev = (pins(LOCKS[name]) for name in ("core", "lab", "dev"))
    assert core.items() <= lab.items() <= dev.items()
    assert len(core) < len(lab) < len(dev)


def test_the_locks_hold_what_pyproject_asks_for():
    import tomllib

    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    named = {re.match(r"[\w.-]+", wanted)[0].lower() for wanted in project["dependencies"]}
    assert named <= pins(LOCKS["core"]).keys()


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone's environment that looks installed."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").touch()
    (venv / "pyvenv.cfg").write_text("version = 3.11.7\n")
    lock = Path(shutil.copy(LOCKS["core"], tmp_path))
    monkeypatch.setattr(installation, "VENV", venv)
    monkeypatch.setattr(installation, "PYTHON", venv / "bin/python")
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    monkeypatch.setitem(installation.SETS, "core", (lock, "the server"))
    installation.stamp("core").write_text(installation.fingerprint("core"))
    assert installation.is_installed("core")
    return tmp_path


def test_another_lock_file_is_noticed(clone):
    lock = clone / "requirements.txt"
    lock.write_text(lock.read_text() + "# changed\n")
    assert not installation.is_installed("core")


def test_a_moved_clone_is_noticed(clone, monkeypatch):
    monkeypatch.setattr(installation, "ROOT", clone / "elsewhere")
    assert not installation.is_installed("core")


def test_another_python_is_noticed(clone):
    (clone / ".venv/pyvenv.cfg").write_text("version = 3.13.0\n")
    assert not installation.is_installed("core")


def test_a_lost_environment_is_noticed(clone):
    shutil.rmtree(clone / ".venv")
    assert not installation.is_installed("core")


def test_a_step_of_the_setting_up_that_fails_is_reported_with_its_output():
    command = [sys.executable, "-c", "import sys; sys.exit('no route to host')"]
    with pytest.raises(installation.SetupError) as raised:
        installation.run(command)
    assert str(raised.value).startswith(
        f"Setting up .venv failed at this command:\n  {' '.join(command)}\nno route to host\n"
    )


def test_without_pip_the_package_to_install_is_named(monkeypatch):
    monkeypatch.setattr(installation, "has_module", lambda _: False)
    with pytest.raises(
        installation.SetupError, match=r"has no pip.*\(on Debian or Ubuntu: apt-get install python3-pip\)"
    ):
        installation.find_pip()


@pytest.fixture
def ran(monkeypatch):
    """Note the commands that would run; `ran.fails` names programs that fail."""

    class Ran(list):
        fails = ()

        def run(self, command, *, environment=None):
            self.append((command, environment or {}))
            if any(name in command for name in self.fails):
                raise installation.SetupError(f"{command[0]} failed")

    noted = Ran()
    monkeypatch.setattr(installation, "run", noted.run)
    monkeypatch.setattr(installation, "find_uv", lambda: "the-uv")
    monkeypatch.setattr(installation, "find_pip", lambda: ["the-pip"])
    return noted


def test_uv_trusts_the_authorities_that_the_system_trusts(ran):
    installation.install(LOCKS["core"], compile_bytecode=False)
    ((command, variables),) = ran
    assert command[0] == "the-uv"
    assert variables["UV_SYSTEM_CERTS"] == variables["UV_NATIVE_TLS"] == "true"


def test_where_uv_fails_pip_installs_the_same_lock_file_with_its_hashes(ran, capsys):
    ran.fails = ("the-uv",)
    installation.install(LOCKS["lab"], compile_bytecode=True)
    command, _ = ran[-1]
    assert command[:4] == ["the-pip", "--python", str(installation.PYTHON), "install"]
    assert command[-3:] == ["--require-hashes", "-r", str(LOCKS["lab"])]
    assert "so pip installs them now" in capsys.readouterr().err


def test_where_both_fail_both_say_why(ran):
    ran.fails = ("the-uv", "the-pip")
    with pytest.raises(installation.SetupError, match=r"the-uv failed\n\nThe same with pip:\nthe-pip failed"):
        installation.install(LOCKS["core"], compile_bytecode=True)


def pythons():
    """Pythons on this machine that are too old."""
    homes = (Path.home() / ".pyenv/versions").glob("3.*/bin/python")
    old = [home for home in homes if 6 <= int(home.parts[-3].split(".")[1]) <= 10]
    return [*map(str, old), *filter(None, (shutil.which(f"python3.{minor}") for minor in range(6, 11)))]


OLD = """
import runpy, sys
sys.version_info = (3, 9, 2, "final", 0)
sys.argv = ["notebooks/workshop", "demo"]
runpy.run_path("notebooks/workshop", run_name="__main__")
"""


def test_an_old_python_is_asked_to_bring_a_newer_one():
    command = [sys.executable, "-c", OLD]
    run = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == (
        "The workshop needs Python 3.11 or newer, and this is Python 3.9. Install a newer one, then name it: make demo PYTHON=python3.11\n"
    )


def test_a_real_old_python_says_so_too():
    old = next(
        (
            python
            for python in pythons()
            if not subprocess.run([python, "-V"], capture_output=True).returncode
        ),
        None,
    )
    if old is None:
        pytest.skip("there is no Python here that is too old")
    run = subprocess.run([old, "notebooks/workshop", "demo"], cwd=paths.ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("The workshop needs Python 3.11 or newer, and this is Python 3.")


def test_an_environment_that_is_there_is_not_set_up_again(monkeypatch):
    monkeypatch.setattr(installation, "run", lambda *_, **__: pytest.fail("it was set up again"))
    installation.ensure("core")
