"""The learner's copy: whatever happens while it is replaced, nothing the learner wrote is lost."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workshop import paths
from workshop.errors import WorkshopError
from workshop.learner import manifest
from workshop.learner import work as copies

MINE = "# I wrote this\n"
FILE = "client/token_pair.py"
DIE = """
import os, pathlib, signal
from workshop.learner import manifest, work
rename, left = pathlib.Path.rename, {}
def dying(path, target):
    global left
    left -= 1
    return rename(path, target) if left else os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.rename = dying
work.start(manifest.find("01"))
"""


@pytest.fixture
def mine(work):
    """A `work/` of step 01 with a file that the learner has written."""
    copies.start(manifest.find("01"))
    (work / FILE).write_text(MINE)
    return work


def snapshot(folder):
    """Every file of the learner's copy, with its text; not the history."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in files
        if ".history" not in path.relative_to(folder).parts
    }


def kept(folder, name=FILE):
    return [path.read_text() for path in sorted((folder / ".history").glob(f"*/{name}"))]


@pytest.mark.parametrize("failing", [1, 2, 6, 7, 8, 10])
def test_a_full_disk_at_any_rename_leaves_the_old_copy(mine, monkeypatch, failing):
    before, count, rename = snapshot(mine), 0, Path.rename

    def full(path, target):
        nonlocal count
        count += 1
        if count == failing:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(WorkshopError) as raised:
        copies.solve(manifest.find("01"))
    assert "could not be written: No space left on device. Work/ was left as it was, and nothing" in str(
        raised.value
    )
    assert snapshot(mine) == before
    assert list((mine / ".history").iterdir()) == []


REAL_DISK = f"""
mkdir -p "$WORKSHOP_WORK"; mount -t tmpfs -o size=400k tmpfs "$WORKSHOP_WORK" || exit 77
"$0" -m workshop start 01 || exit 78
echo '{MINE.strip()}' > "$WORKSHOP_WORK/{FILE}"
dd if=/dev/zero of="$WORKSHOP_WORK/filler" bs=1k 2>/dev/null
rm "$WORKSHOP_WORK/filler"; dd if=/dev/zero of="$WORKSHOP_WORK/filler" bs=1k count=$1 2>/dev/null
"$0" -m workshop solve; echo "exit $?"; cat "$WORKSHOP_WORK/{FILE}"; ls -A "$WORKSHOP_WORK"
"""


def test_a_disk_that_is_really_full_leaves_the_old_copy(environment):
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", REAL_DISK, sys.executable, "300"]
    try:
        run = subprocess.run(command, cwd=paths.NOTEBOOKS, env=environment(), capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no unshare here to mount a small disk with")
    if run.returncode not in (0, 78) or "exit" not in run.stdout:
        pytest.skip("a small disk cannot be mounted here")
    assert "could not be written: No space left on device. Work/ was left as it was" in run.stderr
    assert "Traceback" not in run.stderr
    told = run.stdout.partition("exit ")[2].splitlines()
    assert told[:2] == ["1", MINE.strip()]
    assert not any(name.startswith(".staging") for name in told)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of folders are another matter on Windows")
@pytest.mark.parametrize("arguments", [("start", "00"), ("solve",), ("reset",)], ids=lambda words: words[0])
def test_a_read_only_folder_is_reported_and_left_as_it_is(mine, environment, arguments):
    before = snapshot(mine)
    # Permissions do not bind root: for root they do without its capabilities.
    as_anybody = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    mine.chmod(0o555)
    try:
        command = [*as_anybody, sys.executable, "-m", "workshop", *arguments]
        run = subprocess.run(command, cwd=paths.NOTEBOOKS, env=environment(), capture_output=True, text=True)
    finally:
        mine.chmod(0o755)
    assert run.returncode == 1
    assert "could not be written: Permission denied. Work/ was left as it was, and nothing" in run.stderr
    assert snapshot(mine) == before


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="SIGKILL is a matter of POSIX")
@pytest.mark.parametrize("rename", [1, 2, 6, 9, 10])
def test_a_start_that_is_killed_half_way_loses_nothing_and_says_so(mine, environment, rename):
    command = [sys.executable, "-c", DIE.format(rename)]
    assert subprocess.run(command, cwd=paths.NOTEBOOKS, env=environment()).returncode == -9
    texts = [path.read_text() for path in mine.rglob("token_pair.py")]
    assert MINE in texts
    if rename > 1:
        with pytest.raises(WorkshopError, match=r"work/ is half-made: .* Nothing you wrote is lost"):
            copies.current()
    copies.start(manifest.find("01"))
    assert copies.current().stem == "01_token_pair"
    assert MINE in kept(mine)


def test_without_work_the_command_that_makes_it_is_named(work):
    with pytest.raises(WorkshopError, match=r"There is no work/ yet. Make it with: make start STEP=00"):
        copies.current()
    work.mkdir()
    (work / ".progress.json").write_text("{}")
    with pytest.raises(WorkshopError, match=r"There is no work/ yet"):
        copies.current()


def test_a_folder_that_holds_something_else_is_kept_too(work):
    work.mkdir()
    (work / "notes.txt").write_text("mine")
    place = copies.start(manifest.find("00"))
    assert place.name.endswith("-half_made")
    assert (place / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("again", [copies.start, copies.solve], ids=["start", "solve"])
def test_the_old_copy_is_kept_whole(mine, again):
    before = snapshot(mine)
    place = again(manifest.find("01"))
    assert snapshot(place) == before
    assert (mine / FILE).read_text() != MINE


def test_two_copies_kept_in_the_same_second_have_two_names(mine):
    places = [copies.start(manifest.find("01")) for _ in range(4)]
    assert len({place.name for place in places}) == 4
    assert kept(mine)[0] == MINE


def test_two_starts_at_once_lose_nothing(mine, environment):
    command = [sys.executable, "-m", "workshop", "start", "01"]
    both = [
        subprocess.Popen(
            command, cwd=paths.NOTEBOOKS, env=environment(), stdout=-3, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in both]
    assert not any("Traceback" in text for text in said), said
    assert MINE in [path.read_text() for path in mine.rglob("token_pair.py")]


def test_each_version_that_passed_is_kept_once(mine):
    """`make check` passes again and again; a learner finds each version once, and the earlier one beside it."""
    step = manifest.find("01")
    first = copies.keep_passed(step, None)
    assert first.name.endswith("-01_token_pair-passed")
    assert snapshot(first) == {path: (mine / path).read_bytes() for path in step.edits}
    known = first.relative_to(mine.parent).as_posix()
    assert copies.keep_passed(step, known) == first
    (mine / FILE).write_text("# better\n")
    second = copies.keep_passed(step, known)
    assert second != first
    assert [snapshot(folder)[FILE] for folder in (first, second)] == [MINE.encode(), b"# better\n"]


def test_a_passed_copy_that_somebody_removed_is_made_again(mine):
    step = manifest.find("01")
    first = copies.keep_passed(step, None)
    shutil.rmtree(first)
    again = copies.keep_passed(step, first.relative_to(mine.parent).as_posix())
    assert snapshot(again) == {path: (mine / path).read_bytes() for path in step.edits}
