"""The commands, as they are typed: with make, without it, and wrongly."""

import re
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from workshop import paths
from workshop.cli import cli
from workshop.commands import COMMANDS
from workshop.learner import manifest
from workshop.setup import installation

STEMS = [step.stem for step in manifest.steps()]


@pytest.fixture
def make(environment):
    """Run make to its end."""

    def run(*arguments, **variables):
        command = ["/usr/bin/env", "make", f"PYTHON={sys.executable}", *arguments]
        return subprocess.run(
            command,
            cwd=paths.ROOT,
            env=environment(**variables),
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )

    return run


def test_there_is_one_list_of_commands():
    standalone = {"doctor", "clean"}
    assert cli.list_commands(None) == [name for name in COMMANDS if name not in standalone]
    assert set(cli.commands) == set(COMMANDS) - standalone
    assert all(command.needs in ("nothing", *installation.SETS) for command in COMMANDS.values())
    assert {name for name, command in COMMANDS.items() if command.needs == "nothing"} == standalone


def test_make_forwards_every_target(make):
    run = make(
        "--dry-run", *COMMANDS
    )  # notebooks/ and server/ are folders too: make must not think them made
    assert run.stdout.splitlines() == [f"{sys.executable} notebooks/workshop {name}" for name in COMMANDS]
    run = make("strat")
    assert run.returncode == 2
    assert "No such command 'strat'. Did you mean 'start'?" in run.stderr


@pytest.mark.parametrize("command", ["make", "workshop"])
def test_a_variable_may_be_given_as_make_takes_it(request, command):
    run = request.getfixturevalue(command)("class", "STUDENTS=0")
    assert run.returncode == 2
    assert "'--students' (env var: 'STUDENTS'): 0 is not in the range 1<=x<=1000." in run.stderr
    run = request.getfixturevalue(command)("start", "STEP=99=9")
    assert "There is no step '99=9'." in run.stderr


def test_an_expression_in_quotes_is_one_argument_for_pytest(monkeypatch):
    ran = []
    monkeypatch.setattr("workshop.cli.run", lambda command: ran.extend(command) or 0)
    monkeypatch.setenv("VARIANTS", "1")  # the command would set it
    monkeypatch.setenv("ARGS", "-k 'one or another' -x")
    assert CliRunner().invoke(cli, ["test"]).exit_code == 0
    assert ran[-3:] == ["-k", "one or another", "-x"]


def test_bare_make_prints_help_and_installs_nothing(make, tmp_path):
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\nexec {sys.executable} "$@"\n')
    script.chmod(0o755)
    run = make(f"PYTHON={script}")
    assert run.returncode == 0
    assert run.stderr == ""
    assert (tmp_path / "calls").read_text() == "notebooks/workshop\n"
    for name, command in COMMANDS.items():
        assert f"  make {name:<12} {command.does}\n" in run.stdout


def test_a_command_that_does_not_exist_is_reported(workshop):
    run = workshop("strat")
    assert run.returncode == 2
    assert "No such command 'strat'" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        *((command, "99") for command in ("start", "check", "hint", "solve", "reset", "watch")),
        *(("start", typed) for typed in ("token", "../00", "0 1")),
    ],
)
def test_a_wrong_step_is_reported_with_the_steps_there_are(workshop, command, typed):
    run = workshop(command, STEP=typed)
    assert run.returncode == 1
    assert f"There is no step {typed!r}. The steps are:" in run.stderr
    assert all(f"  {stem}" in run.stderr for stem in STEMS)
    assert "Name one like this: STEP=00_meet_the_server" in run.stderr


def test_a_missing_step_is_reported(workshop):
    run = workshop("start")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("Error: No step was named. The steps are:\n  00_meet_the_server ")


@pytest.mark.parametrize("command", ["check", "hint", "solve", "reset", "watch"])
def test_without_a_copy_the_command_that_makes_one_is_named(workshop, command):
    run = workshop(command)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "Error: There is no work/ yet. Make it with: make start STEP=00\n"


def test_a_half_made_copy_is_reported(workshop, work):
    (work / "api").mkdir(parents=True)
    run = workshop("check")
    assert run.returncode == 1
    assert "work/ is half-made" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("typed", ["1", "01", "token_pair", "01_token_pair", "01_TOKEN_PAIR/"])
def test_a_step_has_several_names(typed):
    assert manifest.find(typed).stem == "01_token_pair"


def test_from_start_to_passed(make, work):
    run = make("start", STEP="01_token_pair")
    assert (run.returncode, run.stderr) == (0, "")
    assert "You edit:  work/client/token_pair.py\n" in run.stdout
    run = make("check")
    assert run.returncode == 2
    assert re.search(r"01_token_pair: not yet \(2 of \d+ checks\)", run.stdout)
    assert "Traceback" not in run.stdout + run.stderr
    run = make("solve")
    assert "Your earlier copy is kept in work/.history/" in run.stdout
    run = make("check")
    assert (run.returncode, run.stderr) == (0, "")
    assert re.search(r"01_token_pair: passed \((\d+) of \1 checks\)", run.stdout)
    assert all(len(line) <= 80 for line in run.stdout.splitlines())


def test_hints_grow_and_end(workshop, work):
    workshop("start", "00")
    said = [" ".join(workshop("hint").stdout.split()) for _ in range(4)]
    hints = manifest.find("00").hints
    assert [
        f"Hint {n} of 3 for 00_meet_the_server: {hint}" in text
        for n, hint, text in zip((1, 2, 3), hints, said[:3], strict=True)
    ] == [True] * 3
    assert ["That was the last hint. make solve shows the answer" in text for text in said] == [
        False,
        False,
        True,
        True,
    ]


def test_progress_remembers_and_reset_begins_anew(workshop, work):
    workshop("start", "00")
    (work / "client/first_calls.py").write_text("mine")
    workshop("hint")
    run = workshop("reset")
    assert "work/ is at the beginning of step 00_meet_the_server again." in run.stdout
    assert [path.read_text() for path in work.glob(".history/*/client/first_calls.py")] == ["mine"]
    workshop("solve")
    assert workshop("check").returncode == 0
    rows = [line.split() for line in workshop("progress").stdout.splitlines()]
    assert rows[0] == ["step", "outcome", "hints", "guesses", "minutes"]
    assert rows[1] == ["00_meet_the_server", "passed", "(with", "make", "solve)", "1", "-", "25"]
    assert rows[2] == ["01_token_pair", "not", "started", "0", "-", "60"]


def test_a_damaged_progress_file_counts_as_empty(workshop, work):
    workshop("start", "00")
    for text in ("{", "[]", '{"00_meet_the_server": 3}', "\0"):
        (work / ".progress.json").write_text(text)
        run = workshop("progress")
        assert (run.returncode, run.stderr) == (0, "")
        assert "00_meet_the_server  not started" in run.stdout


def test_watch_checks_again_when_a_file_is_saved(environment, workshop, work):
    workshop("start", "00")
    command = [sys.executable, "-m", "workshop", "watch"]
    options = {
        "cwd": paths.NOTEBOOKS,
        "env": environment(PYTHONUNBUFFERED="1"),
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
    }
    with subprocess.Popen(command, **options) as watching:
        try:
            lines = iter(watching.stdout.readline, "")
            next(line for line in lines if line.startswith("Watching work/. Save a file"))
            answer = manifest.find("00").folder / "answer/client/first_calls.py"
            # Again and again: it may begin to watch a moment after it says so.
            (work / "client/first_calls.py").write_text(answer.read_text())
            passed = next(line for line in lines if ": passed" in line)
            assert re.fullmatch(r"00_meet_the_server: passed \((\d+) of \1 checks\)\n", passed)
            watching.send_signal(signal.SIGINT)
            assert re.search(r"^Stopped( watching)?\.", "".join(lines), re.M)
        finally:
            watching.kill()
    assert watching.returncode in (0, 130)  # it may have been printing still
