"""One file of the learner's copy is written: earlier versions are kept, and there is never half a file."""

import errno
from pathlib import Path

import pytest

from workshop.errors import WorkshopError
from workshop.learner import manifest
from workshop.learner import work as copies

FILE = "client/first_calls.py"


@pytest.fixture
def mine(work):
    copies.start(manifest.find("00"))
    return work


@pytest.mark.parametrize(
    "path",
    [
        "../evil.py",
        "/etc/evil.py",
        "",
        ".",
        "client",
        "client/../../evil.py",
        ".history/evil.py",
        ".step",
        ".progress.json",
    ],
)
def test_a_path_that_is_no_file_of_the_learners_is_refused(mine, path):
    with pytest.raises(WorkshopError, match=r"is no file of yours inside work/. Name one like this"):
        copies.write(path, "evil")
    assert not (mine.parent / "evil.py").exists()


def test_a_link_that_leads_out_is_refused(mine):
    (mine / "client/out").symlink_to(mine.parent)
    with pytest.raises(WorkshopError, match="is no file of yours"):
        copies.write("client/out/evil.py", "evil")


def test_a_full_disk_leaves_the_file_as_it_was(mine):
    before = (mine / FILE).read_text()
    (mine / "client/.first_calls.py.new").symlink_to("/dev/full")
    with pytest.raises(WorkshopError, match=f"No space left on device. Work/{FILE} was left as it was"):
        copies.write(FILE, "new" * 10_000)
    assert (mine / FILE).read_text() == before
    assert [path.name for path in (mine / "client").iterdir()] == ["first_calls.py"]


def test_where_the_earlier_version_cannot_be_kept_nothing_is_written(mine, monkeypatch):
    before = (mine / FILE).read_text()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copies.shutil, "copy2", full)
    with pytest.raises(WorkshopError, match="No space left on device"):
        copies.write(FILE, "new")
    assert (mine / FILE).read_text() == before


def test_every_version_is_kept(mine):
    first = (mine / FILE).read_text()
    places = [copies.write(FILE, text) for text in ("one", "two", "three")]
    assert [place.read_text() for place in places] == [first, "one", "two"]
    assert (mine / FILE).read_text() == "three"


def test_the_same_text_is_not_written_again(mine):
    assert copies.write(FILE, (mine / FILE).read_text()) is None
    assert not (mine / ".history").exists()


def test_a_file_in_another_encoding_is_kept_as_it_is(mine):
    (mine / FILE).write_bytes(b"# caf\xe9\n")
    assert copies.write(FILE, "new").read_bytes() == b"# caf\xe9\n"


def test_a_deleted_file_can_be_written_and_brought_back(mine):
    (mine / FILE).unlink()
    assert copies.write(FILE, "new") is None
    (mine / FILE).unlink()
    copies.start(manifest.find("00"))
    assert "NotImplementedError" in Path(mine / FILE).read_text()
