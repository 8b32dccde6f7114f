"""`work/` as one file: what comes from a browser's tab, and what a tab keeps."""

import io
import zipfile

import pytest

from workshop.errors import WorkshopError
from workshop.learner import keeping, planned
from workshop.learner import work as works


def room(_size, then):
    """A browser that keeps everything."""
    then("")


@pytest.fixture
def offered(monkeypatch):
    """What the learner was given to download, newest last."""
    given = []
    monkeypatch.setattr(keeping, "offer", given.append)
    return given


@pytest.fixture
def kept(work, tmp_path):
    """The file of a learner's copy with one edited file, whose `work/` is gone."""
    works.start(planned.find("00"))
    (work / "client/first_calls.py").write_text("# mine\n")
    (tmp_path / "work.zip").write_bytes(keeping.packed())
    work.rename(tmp_path / "elsewhere")
    return tmp_path / "work.zip"


def test_a_work_that_is_there_is_not_mixed_with_what_is_brought(kept, work):
    work.mkdir()
    (work / "mine.txt").write_text("mine")
    with pytest.raises(WorkshopError, match=r"There is a work/ already\. Rename it first"):
        keeping.unpack(kept)
    assert [path.name for path in work.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read: .*No such file"), (b"no zip", "cannot be read: File is not a zip file")],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(work, tmp_path, content, says):
    file = tmp_path / "work.zip"
    if content:
        file.write_bytes(content)
    with pytest.raises(WorkshopError, match=says):
        keeping.unpack(file)
    assert not work.exists()


def test_a_zip_of_something_else_is_rejected(work, tmp_path):
    with zipfile.ZipFile(tmp_path / "work.zip", "w") as archive:
        archive.writestr("holiday.txt", "sun")
    with pytest.raises(WorkshopError, match=r"holds no work/ of this workshop: its file \.step is missing"):
        keeping.unpack(tmp_path / "work.zip")
    assert not work.exists()


def test_the_command_says_what_is_wrong_with_the_file(workshop, tmp_path):
    run = workshop("start", FROM=str(tmp_path / "none.zip"))
    assert run.returncode == 1
    assert "none.zip cannot be read" in run.stderr


def test_a_full_storage_is_said_once_a_cell_and_nothing_is_lost(kept, work, tmp_path, capsys, offered):
    keeping.unpack(kept)
    keeper = keeping.Keeper(tmp_path / "no folder" / "work.zip", room)
    keeper.look()
    assert capsys.readouterr().out == ""  # nothing has changed
    (work / "client/first_calls.py").write_text("# mine, again\n")
    keeper.look()
    assert capsys.readouterr().out.startswith(
        "The browser does not keep your files (it gives this page no place"
    )
    assert zipfile.ZipFile(io.BytesIO(offered[0])).read("client/first_calls.py") == b"# mine, again\n"
    keeper.room = True  # so the browser said, for a place that this page does not have
    keeper.look()
    assert len(offered) == 2
    assert capsys.readouterr().out == ""  # the link is enough
    keeper.file = tmp_path / "new.zip"
    keeper.look()
    assert capsys.readouterr().out == ""
    assert zipfile.ZipFile(keeper.file).read("client/first_calls.py") == b"# mine, again\n"


def test_what_is_brought_is_what_was_kept(kept, work):
    keeping.unpack(kept)
    assert (work / "client/first_calls.py").read_text() == "# mine\n"
    assert works.current().stem == "00_meet_the_server"


def test_another_tab_loses_nothing_and_neither_does_this_one(kept, work, capsys):
    keeping.unpack(kept)
    keeper = keeping.Keeper(kept, room)
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("client/other_tab.py", "# theirs\n")
    theirs = kept.read_bytes()
    for text in ("# mine, again\n", "# mine, once more\n"):
        (work / "client/first_calls.py").write_text(text)
        keeper.look()
    assert kept.read_bytes() == theirs
    assert zipfile.ZipFile(kept.with_name("work-2.zip")).read("client/first_calls.py") == text.encode()
    said = capsys.readouterr().out
    assert said.count("Another tab of this browser has put its work/ into work.zip.") == 1
    assert "is kept in work-2.zip" in said


def test_a_kept_file_that_cannot_be_read_is_put_aside(work, tmp_path, capsys):
    file = tmp_path / "work.zip"
    file.write_bytes(b"half of a")
    keeping.bring_back(file)
    assert not file.exists()
    assert (tmp_path / "work-2.zip").read_bytes() == b"half of a"
    assert "File is not a zip file. It is work-2.zip now, and you begin anew." in capsys.readouterr().out


def test_more_than_the_browser_has_room_for_is_not_written(kept, work, capsys, offered):
    keeping.unpack(kept)
    before, reasons, asked = kept.read_bytes(), ["its storage is full", ""], []
    keeper = keeping.Keeper(kept, lambda size, then: (asked.append(size), then(reasons.pop(0))))
    (work / "client/first_calls.py").write_text("# mine, again\n")
    keeper.look()
    assert "does not keep your files (its storage is full)" in capsys.readouterr().out
    assert kept.read_bytes() == before
    keeper.look()
    assert zipfile.ZipFile(kept).read("client/first_calls.py") == b"# mine, again\n"
    assert asked == [len(offered[0]), len(kept.read_bytes())]


def test_nothing_is_written_before_the_browser_has_said_that_there_is_room(kept, work):
    keeping.unpack(kept)
    before, waiting = kept.read_bytes(), []
    keeper = keeping.Keeper(kept, lambda _size, then: waiting.append(then))
    (work / "client/first_calls.py").write_text("# mine, again\n")
    keeper.look()
    assert kept.read_bytes() == before
    waiting.pop()("")
    assert zipfile.ZipFile(kept).read("client/first_calls.py") == b"# mine, again\n"
