"""Servers of wrong answers, for notebooks and lessons; and a server's shell and log."""

import pytest

from workshop import notebook, paths
from workshop.authoring.lesson_examples import Lesson, LessonError
from workshop.errors import WorkshopError
from workshop.learner import work
from workshop.learner.manifest import find
from workshop.notebook_session import Session
from workshop.servers.live_server import LiveServer

WRONG = "validate_writes_the_token"
LOGIN = 'requests.post(server.url + "/api/token/", json={"username": "ada", "password": "test"}).json()'


def try_all(lesson):
    tried = Lesson(lesson, clone=lesson.parent)
    try:
        tried.try_up_to(len(tried.examples) - 1)
    finally:
        tried.close()


@pytest.fixture
def server():
    with LiveServer(paths.SERVER) as started:
        yield started


def test_the_shell_of_a_server_works_on_its_database(server):
    server.shell('User.objects.filter(username="grace").delete()')
    assert server.shell("print(User.objects.count())") == "2\n"


def test_a_mistake_in_the_shell_is_a_sentence(server):
    with pytest.raises(WorkshopError, match=r"shell` failed. NameError: name 'Users' is not defined"):
        server.shell("Users")


def test_the_log_is_given_once_it_holds_the_text(server):
    assert "Starting development server" in server.log_with("Quit the server")


def test_a_lesson_can_meet_a_wrong_answer(tmp_path):
    (tmp_path / "lessons").mkdir()
    lesson = tmp_path / "lessons/06_custom_claims.md"
    lesson.write_text(
        f"<!-- server: wrong={WRONG} access=2 -->\n"
        f"```python\n>>> import requests\n>>> list({LOGIN})\n['refresh', 'access', 'username']\n```\n"
        f"<!-- server: -->\n```python\n>>> list({LOGIN})\n['refresh', 'access']\n```\n"
    )
    try_all(lesson)


@pytest.mark.parametrize(
    ("name", "asked"), [("06_custom_claims", "wrong=nothing_like_it"), ("no_step", f"wrong={WRONG}")]
)
def test_a_wrong_answer_that_is_not_there_is_reported(tmp_path, name, asked):
    lesson = tmp_path / f"{name}.md"
    lesson.write_text(f"\n<!-- server: {asked} -->\n")
    with pytest.raises(LessonError, match=rf"{name}.md:2: the step of this lesson has no wrong answer named"):
        try_all(lesson)


def test_a_notebook_serves_a_wrong_answer_beside_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(paths, "WORK", tmp_path / "work")
    monkeypatch.setattr(notebook, "SESSION", Session())
    notebook.SESSION.step = find("06")
    first = notebook.serve_wrong(WRONG)
    second = notebook.serve_wrong(WRONG, access=2)
    try:
        assert (first.running, second.running) == (False, True)
        assert (second.tree / "drf_course/custom_token_view.py").exists()
        assert f"wrong/{WRONG} answers at {second.url}" in capsys.readouterr().out
        assert not work.paths.WORK.exists()
    finally:
        second.stop()


def test_a_wrong_answer_that_a_notebook_misspells_is_reported_with_those_there_are(monkeypatch):
    monkeypatch.setattr(notebook, "SESSION", Session())
    notebook.SESSION.step = find("06")
    with pytest.raises(WorkshopError, match=f"'valdate'.*{WRONG}"):
        notebook.serve_wrong("valdate")
