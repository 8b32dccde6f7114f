"""Where people work: a kernel of another environment, a clone that is read-only, and machines of every kind."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker, default_environment

from tests.kernel import Kernel
from workshop import paths
from workshop.commands import COMMANDS
from workshop.errors import WorkshopError
from workshop.learner.tree import LEFT_OUT
from workshop.setup import doctor, installation, jupyter, kernel

# Read by the Python of a kernel: to it, these modules are not installed.
WITHOUT = """\
import importlib.machinery as machinery

found = machinery.PathFinder.find_spec
lacks = {lacks!r}
machinery.PathFinder.find_spec = lambda name, *where: None if name in lacks else found(name, *where)
"""
FIRST_CELL = (
    'from workshop.notebook import check, compare, guess, open_step\nserver = open_step("00_meet_the_server")'
)


@pytest.fixture
def foreign(environment, tmp_path):
    """What the first cell shows in a kernel that lacks these modules, started by another Jupyter than `make lab`."""

    def run(*lacks):
        (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(lacks=lacks))
        started = Kernel(environment(PYTHONPATH=str(tmp_path)))
        try:
            return started.run(FIRST_CELL)
        finally:
            started.close()

    return run


def test_a_kernel_that_has_only_jupyter_gets_one_sentence(foreign, monkeypatch):
    said = foreign("django", "rest_framework", "rest_framework_simplejwt", "argon2", "pytest")
    sentence = "which does not have django, rest_framework, rest_framework_simplejwt, argon2 and pytest. "
    assert said.startswith(f"This notebook runs on {sys.executable}, {sentence}")
    assert "make setup" in said
    assert "Traceback" not in said
    assert said.count("\n") <= 1


def test_a_kernel_that_has_everything_opens_the_step(foreign):
    said = foreign("a_module_that_nobody_needs")
    assert re.search(r"A server of your copy answers at http://127\.0\.0\.1:\d+\n", said)


def test_the_sentence_names_the_kernel_once_it_is_installed(monkeypatch):
    monkeypatch.setattr(kernel, "find_spec", lambda name: None if name == "django" else name)
    monkeypatch.setattr(installation, "is_installed", lambda name: name == "lab")
    with pytest.raises(WorkshopError) as error:
        kernel.refuse_foreign()
    assert f"which does not have django. Choose another kernel for it: {installation.PYTHON}." in str(
        error.value
    )
    monkeypatch.setattr(installation, "is_installed", lambda name: False)
    with pytest.raises(WorkshopError, match=re.escape(f"Type `make setup` in a terminal in {paths.ROOT}:")):
        kernel.refuse_foreign()


def test_setup_says_how_an_editor_and_another_jupyter_find_the_kernel():
    said = jupyter.how_to_open()
    assert f"choose this kernel:  {paths.shown(installation.PYTHON)}\n" in said
    assert " -m ipykernel install --user --name jwt-workshop" in said
    names = installation.SETS["lab"][0].read_text()
    assert re.search(r"^ipykernel==", names, re.M)
    assert re.search(r"^pip==", names, re.M)


@pytest.fixture
def read_only():
    """A clone that its user cannot write to: commands run in it as that user, with an empty home."""
    top = Path(tempfile.mkdtemp(prefix="read-only-"))
    place, home = top / "clone", top / "home"
    for name in ("notebooks", "solutions", "server", "lessons"):
        shutil.copytree(paths.ROOT / name, place / name, ignore=LEFT_OUT)
    for lock in paths.ROOT.glob("requirements*.txt"):
        shutil.copy(lock, place)
    home.mkdir()
    top.chmod(0o755)
    # Root may write everywhere, unless this power is taken from the process.
    powers = "-dac_override,-dac_read_search"
    weak = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}"] if os.geteuid() == 0 else []
    for path in (*place.rglob("*"), place):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(place.rglob("*"))

    def run(program, *arguments, **variables):
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        path = {"PYTHONPATH": f"{place / 'notebooks'}:{place / 'server'}", "HOME": str(home)}
        done = subprocess.run(
            [*weak, sys.executable, "-c", program, *arguments],
            cwd=place / "notebooks",
            env=kept | path | variables,
            capture_output=True,
            text=True,
            timeout=100,
        )
        assert sorted(place.rglob("*")) == before
        return done

    run.place, run.home = place, home
    yield run
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(top)


CLI = "from workshop.cli import cli; cli()"
OPEN = """
import requests
from workshop.notebook import open_step

server = open_step("00_meet_the_server")
print(requests.get(f"{server.url}/products/").status_code)
"""
AS_IT_COMES = """
import requests
from workshop import paths
from workshop.servers.live_server import LiveServer

with LiveServer(paths.SERVER) as server:
    print(requests.get(f"{server.url}/user-orders/").status_code)
"""


@pytest.mark.skipif(os.name == "nt", reason="a folder is made read-only in another way on Windows")
def test_a_read_only_clone_can_be_used_and_says_where_the_files_go(read_only):
    own = read_only.home / "jwt-workshop"
    sentence = (
        f"{read_only.place} is read-only here, so your own files go to {own}, and work/ is {own / 'work'}.\n"
    )
    for command in (["start", "00"], ["solve"], ["check"]):
        run = read_only(CLI, *command)
        assert (run.returncode, run.stderr) == (0, sentence), run.stdout
    assert "00_meet_the_server: passed" in run.stdout
    assert (own / "work/manage.py").exists()
    run = read_only(OPEN)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith(f"{sentence}200\n")
    run = read_only(AS_IT_COMES)
    assert (run.returncode, run.stdout) == (0, "401\n"), run.stderr
    assert (own / ".workshop/development_key").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name == "nt", reason="a folder is made read-only in another way on Windows")
def test_a_home_that_cannot_be_written_either_is_one_sentence(read_only):
    run = read_only(CLI, "start", "00", HOME=str(read_only.place))
    assert run.returncode == 1
    assert "could not be written: Permission denied. Work/ was left as it was" in run.stderr
    assert run.stderr.endswith("Make room, or make the folder writable, then run this again.\n")
    assert "Traceback" not in run.stderr


def test_the_doctor_says_where_a_read_only_clone_keeps_the_files(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.os, "access", lambda place, mode: place != doctor.ROOT)
    monkeypatch.setattr(doctor, "OWN", tmp_path / "not/there/yet")
    monkeypatch.setattr(paths, "OWN", tmp_path / "not/there/yet")
    assert doctor.writable() == ("ok", paths.elsewhere(), "")
    monkeypatch.setattr(doctor.os, "access", lambda place, mode: False)
    assert doctor.writable()[0] == "missing"


# What the marker of a pin sees on each machine.
MACHINES = {
    "Linux": {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    "Mac with Intel": {"sys_platform": "darwin", "platform_machine": "x86_64", "os_name": "posix"},
    "Mac": {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
    "Windows on ARM": {"sys_platform": "win32", "platform_machine": "ARM64", "os_name": "nt"},
}
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)(?: ; (.*?))? \\$", re.M)


def pinned(lock, machine, python):
    """The versions that the lock installs on a machine, by name; a name that it installs twice is an error."""
    system = {"win32": "Windows", "darwin": "Darwin"}.get(MACHINES[machine]["sys_platform"], "Linux")
    facts = default_environment() | MACHINES[machine] | {"platform_system": system}
    facts |= {"python_version": python, "python_full_version": f"{python}.0"}
    found = {}
    for name, version, marker in PIN.findall(lock.read_text()):
        if not marker or Marker(marker).evaluate(facts):
            assert name not in found, f"{name} twice for {machine}"
            found[name] = version
    return found


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14", "3.15"])
@pytest.mark.parametrize("name", installation.SETS)
def test_every_machine_gets_a_version_of_the_libraries_that_it_can_install(name, python):
    lock = installation.SETS[name][0]
    got = {machine: pinned(lock, machine, python) for machine in MACHINES}
    below = {
        machine: tuple(
            int(got[machine][package].split(".")[0]) for package in ("argon2-cffi-bindings", "cryptography")
        )
        for machine in MACHINES
    }
    assert below["Mac with Intel"] <= (25, 48)
    assert below["Windows on ARM"][1] <= 46
    assert "psycopg-binary" not in got["Windows on ARM"]
    for machine in MACHINES:
        assert {"django", "djangorestframework-simplejwt", "psycopg", "pyyaml"} <= got[machine].keys()
        assert tuple(map(int, got[machine]["pyyaml"].split("."))) >= (6, 0, 4), "older ones lack Python 3.15"


def test_a_codespace_and_binder_set_up_with_commands_that_there_are():
    container = json.loads((paths.ROOT / ".devcontainer/devcontainer.json").read_text())
    after = (paths.ROOT / ".binder/postBuild").read_text()
    assert container["postCreateCommand"] == "make setup"
    assert COMMANDS["setup"].needs == "lab"
    assert re.findall(r"^make (\w+)$", after, re.M) == ["setup"]
    assert os.access(paths.ROOT / ".binder/postBuild", os.X_OK)
    assert container["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"].endswith(
        ".venv/bin/python"
    )


@pytest.mark.parametrize("form", ["bug", "lesson_error"])
def test_a_form_for_issues_asks_for_what_is_needed(form):
    text = yaml.safe_load((paths.ROOT / f".github/ISSUE_TEMPLATE/{form}.yml").read_text())
    assert {"name", "description", "labels", "body"} == text.keys()
    for field in text["body"]:
        assert field["type"] in ("input", "textarea")
        assert field["attributes"]["label"].endswith("?")


def test_the_citation_names_the_version_and_the_license_of_the_project():
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    cited = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text())
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
