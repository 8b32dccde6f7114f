"""A check tells the class server how it came out: with the student's own token, and only after `make join`."""

import json
import stat

import pytest
import requests

from workshop import paths
from workshop.errors import WorkshopError
from workshop.learner import class_report, manifest
from workshop.learner.check_work import Checked
from workshop.learner.checker import Outcome
from workshop.servers import manage
from workshop.servers.live_server import LiveServer

ADA = ("ada", "test")


@pytest.fixture(scope="module")
def class_server():
    with LiveServer(paths.SERVER) as server:
        yield server


@pytest.fixture
def checked():
    outcomes = [Outcome("03", "test_one", "passed", ""), Outcome("03", "test_the_second", "not yet", "why")]
    return Checked(manifest.find("03"), outcomes)


def shown(server):
    return manage.manage(paths.SERVER, ["step_results"], server.folder / "db.sqlite3")


def test_whoever_joined_no_class_tells_nobody(work, checked, monkeypatch):
    monkeypatch.setattr(requests, "post", lambda *_, **__: pytest.fail("something was sent"))
    assert class_report.tell(checked) == ""


def test_a_wrong_password_is_refused_and_nothing_is_kept(work, class_server):
    with pytest.raises(WorkshopError, match="rejected the login of ada: No active account found"):
        class_report.join(class_server.url, "ada", "wrong")
    assert not (work / class_report.FILE).exists()


def test_a_server_that_is_not_there_is_named(work, free_port):
    with pytest.raises(WorkshopError, match=f"No class server answers at http://127.0.0.1:{free_port} "):
        class_report.join(f"http://127.0.0.1:{free_port}/", *ADA)


def test_a_result_reaches_the_terminal_of_the_class(work, class_server, checked):
    class_report.join(f"{class_server.url}/", *ADA)
    kept = work / class_report.FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert set(json.loads(kept.read_text())) == {"url", "name", "refresh"}
    assert class_report.tell(checked) == "The class server knows that ada has this result."
    table = shown(class_server)
    assert "ada                1/2" in table
    assert "the second" in table
    assert "grace" not in table


def test_a_check_counts_when_the_class_server_does_not_answer_or_refuses(
    work, class_server, checked, free_port
):
    class_report.join(class_server.url, *ADA)
    known = class_report.read()
    class_report.keep(known | {"url": f"http://127.0.0.1:{free_port}"})
    assert (
        class_report.tell(checked)
        == "The class server was not told: ConnectionError. Your check counts all the same."
    )
    class_report.keep(known | {"refresh": "x"})
    assert (
        class_report.tell(checked)
        == "The class server was not told: Token is invalid. Your check counts all the same."
    )


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"url": "x"}'])
def test_a_damaged_file_is_no_class(work, checked, damaged):
    work.mkdir()
    (work / class_report.FILE).write_text(damaged)
    assert class_report.tell(checked) == ""
