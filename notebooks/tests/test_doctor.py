"""The doctor names what is missing, and one command for each."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import paths
from workshop.setup import doctor, installation


def test_without_any_program_each_is_named_with_one_command(environment, tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "workshop", "doctor"],
        cwd=paths.NOTEBOOKS,
        env=environment(PATH=str(tmp_path)),
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    for program in ("no git", "no make", "no node", "no Chromium or Chrome"):
        (place,) = [place for place, line in enumerate(lines) if line == f"optional  {program}"]
        assert lines[place + 1].startswith("          -> ")
    assert run.stdout.endswith("Nothing needed is missing.\n")


@pytest.fixture
def examined(monkeypatch, capsys):
    """Change a thing, examine, and give the exit code and what was said."""

    def examine():
        code = doctor.main()
        return code, re.sub(" +", " ", capsys.readouterr().out)

    return examine


@pytest.fixture(autouse=True)
def copy(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "WORK", tmp_path / "work")
    return tmp_path / "work"


def test_a_half_made_copy_is_missing_something(examined, copy):
    (copy / "api").mkdir(parents=True)
    code, said = examined()
    assert code == 1
    assert "missing work/ is half-made\n -> make start STEP=00 (keeps what is in it)" in said
    assert said.endswith("Missing: 1. Correct it from the top.\n")


def test_no_copy_yet_is_no_fault(examined, copy):
    for _ in range(2):
        code, said = examined()
        assert code == 0
        assert "optional no work/ yet\n -> make start STEP=00" in said
        copy.mkdir(exist_ok=True)
        (copy / ".progress.json").write_text("{}")


def test_a_copy_is_named_with_its_step(examined, copy):
    copy.mkdir()
    (copy / ".step").write_text("01_token_pair\n")
    assert "work/ is at step 01_token_pair" in examined()[1]


def test_a_taken_port_is_reported_with_another(taken_port):
    assert doctor.port(taken_port) == ("optional", f"port {taken_port} is taken", "make serve PORT=8001")


def test_on_this_machine_nothing_is_missing(workshop):
    run = workshop("doctor")
    assert (run.returncode, run.stderr) == (0, "")
    assert all(len(line) <= 100 for line in run.stdout.splitlines())


def test_a_folder_that_cannot_be_written_is_missing_something(examined, monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    code, said = examined()
    assert code == 1
    assert f"missing {paths.ROOT} is read-only" in said


def test_without_pip_and_uv_the_package_to_install_is_named(examined, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    monkeypatch.setattr(installation, "UV", tmp_path / "none")
    monkeypatch.setattr(installation, "has_module", lambda _: False)
    code, said = examined()
    assert code == 1
    assert "has no pip\n -> apt-get install python3-pip" in said


def test_a_set_that_is_not_installed_is_named_with_the_command_that_installs_it(examined, monkeypatch):
    monkeypatch.setattr(installation, "is_installed", lambda name: name == "core")
    code, said = examined()
    assert code == 0
    assert "Jupyter and the notebooks: not installed yet\n -> make setup (installs it, once)" in said


def test_a_package_that_is_gone_is_named(examined, monkeypatch):
    monkeypatch.setattr(installation, "PYTHON", Path("/bin/false"))
    assert "but rest_framework_simplejwt is gone: run make clean" in examined()[1]
