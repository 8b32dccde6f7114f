"""`make clean`: what can be made again goes, what somebody made stays."""

import pytest

from workshop.setup import housekeeping

MADE_AGAIN = (
    ".venv/bin/python",
    ".workshop/templates/a.sqlite3",
    ".workshop/uv-cache",
    "server/db.sqlite3",
    "server/api/__pycache__/x.pyc",
    ".pytest_cache/v",
)
KEPT = (
    "work/client/token_pair.py",
    "work/.history/1/client/token_pair.py",
    "work/db.sqlite3",
    ".workshop/class/db.sqlite3",
    ".workshop/class/students.csv",
    "server/manage.py",
    "lessons/00_meet_the_server.md",
)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    for name in (*MADE_AGAIN, *KEPT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    places = {
        "ROOT": ".",
        "SCRATCH": ".workshop",
        "SERVER": "server",
        "VENV": ".venv",
        "CLASS": ".workshop/class",
    }
    for name, place in places.items():
        monkeypatch.setattr(housekeeping, name, tmp_path / place)
    return tmp_path


def test_what_somebody_made_stays(clone, capsys):
    assert housekeeping.clean() == 0
    assert [name for name in KEPT if not (clone / name).exists()] == []
    assert [name for name in MADE_AGAIN if (clone / name).exists()] == []
    said = capsys.readouterr().out
    assert "Your copy in work/ was not touched.\n" in said
    assert "The accounts of make class were not touched: " in said


def test_a_clean_clone_stays_clean(clone, capsys):
    housekeeping.clean()
    capsys.readouterr()
    housekeeping.clean()
    assert "Removed" not in capsys.readouterr().out
