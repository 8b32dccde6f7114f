"""A live server: a process, a database and a port of its own, and never left behind."""

import contextlib
import os
import sqlite3

import pytest
import requests

from workshop import paths
from workshop.errors import WorkshopError
from workshop.learner import tree
from workshop.servers import live_server, template
from workshop.servers.live_server import LiveServer
from workshop.servers.traceback_text import explain

ADA = {"username": "ada", "password": "test"}


@pytest.fixture
def copy(tmp_path):
    """A copy of the server's files, to change."""
    place = tmp_path / "work"
    tree.shutil.copytree(paths.SERVER, place, ignore=tree.LEFT_OUT)
    return place


@pytest.fixture(scope="module")
def server():
    """One server for the tests that only ask it."""
    with LiveServer(paths.SERVER) as running:
        yield running


def login(server):
    return requests.post(f"{server.url}/api/token/", json=ADA, timeout=5).json()


def orders(server, pair):
    header = {"Authorization": f"Bearer {pair['access']}"}
    return requests.get(f"{server.url}/user-orders/", headers=header, timeout=5)


def test_a_taken_port_is_reported_with_what_to_do(taken_port):
    server = LiveServer(paths.SERVER, port=taken_port)
    with pytest.raises(
        WorkshopError, match=rf"The server did not start\. .*Port {taken_port} is taken\. Stop the program"
    ):
        server.start()
    assert not server.running
    assert server.folder is None


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("drf_course/simple_jwt.py", '"HS256",', '"HS256"', "SyntaxError"),
        ("drf_course/settings.py", "ALLOWED_HOSTS = []", "ALLOWED_HOSTS = hosts", "NameError"),
        ("drf_course/urls.py", "urlpatterns = [", "urlpatterns = [\n    path(lost),", "NameError"),
        ("api/views.py", "class ", "import requestz\nclass ", "ModuleNotFoundError"),
    ],
)
def test_a_tree_that_cannot_start_is_reported_with_its_line(copy, tmp_path, file, old, new, says):
    template.copy_to(
        tmp_path / "fresh.sqlite3", copy
    )  # without it, the first command to fail would be migrate
    source = (copy / file).read_text()
    assert old in source
    (copy / file).write_text(source.replace(old, new, 1))
    server = LiveServer(copy)
    with pytest.raises(WorkshopError) as raised:
        server.start()
    message = str(raised.value)
    headline = "`manage.py migrate` failed" if "settings" in file else "The server did not start"
    assert message.startswith(f"{headline}. {says}: ")
    assert f"\n  in work/{file}, line " in message
    assert "Traceback" not in message
    assert server.folder is None


def test_the_coloured_traceback_of_a_newer_python_is_read_as_well(tmp_path):
    """As Python 3.13 writes it where a kernel asks for colours."""
    file = tmp_path / "settings.py"
    file.write_text("x = {\n")
    said = (
        f'  File \x1b[35m"{file}"\x1b[0m, line \x1b[35m1\x1b[0m\n    x = \x1b[1;31m{{\x1b[0m\n        \x1b[1;31m^\x1b[0m\n'
        "\x1b[1;35mSyntaxError\x1b[0m: \x1b[35m'{' was never closed\x1b[0m\n"
    )
    assert explain(said, tmp_path, "The server did not start") == (
        "The server did not start. SyntaxError: '{' was never closed\n  in work/settings.py, line 1:\n    x = {\n"
        "Correct that line, then run this again."
    )


def test_a_refused_setting_is_reported(copy):
    with pytest.raises(
        WorkshopError, match=r"The server did not start: .*JWT_ACCESS_SECONDS is 'soon'. Set it to a pos"
    ):
        LiveServer(copy, access="soon").start()


def test_a_failed_system_check_is_reported_with_its_errors(copy):
    models = copy / "api/admin.py"
    models.write_text(
        models.read_text()
        + "\n\nclass Bad(admin.ModelAdmin):\n    list_display = ['lost']\n\n\nadmin.site.unregister(Product)\nadmin.site.register(Product, Bad)\n"
    )
    with pytest.raises(
        WorkshopError, match=r"SystemCheckError: System check identified some issues: ERRORS: .*'lost'"
    ):
        LiveServer(copy).start()


def test_a_restart_into_a_broken_tree_keeps_the_database_for_the_next(copy):
    settings = copy / "drf_course/simple_jwt.py"
    good = settings.read_text()
    with LiveServer(copy) as server:
        pair, port, folder = login(server), server.port, server.folder
        settings.write_text("SIMPLE_JWT = {")
        with pytest.raises(WorkshopError, match=r"in work/drf_course/simple_jwt.py, line 1"):
            server.restart()
        settings.write_text(good)
        server.restart()
        assert (server.port, server.folder) == (port, folder)
        assert orders(server, pair).status_code == 200
    assert not folder.exists()


def test_a_restart_keeps_port_database_and_tokens_and_reads_the_code_anew(copy):
    with LiveServer(copy) as server:
        pair, port = login(server), server.port
        with contextlib.closing(sqlite3.connect(server.folder / "db.sqlite3")) as database, database:
            database.execute("UPDATE api_product SET name = 'Kept'")
        urls = copy / "api/urls.py"
        urls.write_text(urls.read_text().replace('"products/"', '"goods/"'))
        server.restart()
        assert server.port == port
        assert orders(server, pair).status_code == 200
        assert requests.get(f"{server.url}/goods/", timeout=5).json()[0]["name"] == "Kept"


def test_stopping_twice_or_before_the_start_is_no_error(listens):
    server = LiveServer(paths.SERVER)
    server.stop()
    server.start()
    server.stop()
    server.stop()
    assert not server.running
    assert not listens(server.port)


def test_starting_twice_starts_one(server):
    port = server.port
    assert server.start().port == port


def test_a_stopped_server_leaves_no_folder():
    with LiveServer(paths.SERVER) as server:
        folder = server.folder
        assert (folder / "db.sqlite3").exists()
    assert not folder.exists()


def test_two_servers_have_two_databases(server):
    with LiveServer(paths.SERVER) as other:
        assert other.port != server.port
        assert other.folder != server.folder
        pair = login(other)
        assert [orders(each, pair).status_code for each in (server, other)] == [200, 200]


def test_a_start_runs_no_migration(server, monkeypatch):
    def refuse(*_):
        pytest.fail("a start made a new database from nothing")

    monkeypatch.setattr(template, "make", refuse)
    with LiveServer(paths.SERVER) as other:
        assert login(other).keys() == {"access", "refresh"}
        assert not any("migration" in line for line in other.log)


def test_a_change_of_the_models_makes_another_template(copy):
    known = template.fingerprint(copy)
    models = copy / "api/models.py"
    models.write_text(models.read_text() + "\n# changed\n")
    assert template.fingerprint(copy) != known


def test_hidden_folders_are_not_read_for_the_template(copy):
    """A server that starts makes folders in `.keyring` and removes them, while the next one looks at the tree."""
    known = template.fingerprint(copy)
    (copy / ".keyring").mkdir()
    (copy / ".keyring/models.py").touch()
    assert template.fingerprint(copy) == known


def test_a_statement_changes_the_server_s_database_and_gives_its_rows(server):
    server.sql("UPDATE api_user SET last_login = moment(?) WHERE username = ?", -60, "ada")
    said = server.shell(
        "from django.utils import timezone; print((timezone.now() - User.objects.get(username='ada').last_login).seconds // 60)"
    )
    assert said.split() == ["60"]
    assert server.sql("SELECT username FROM api_user WHERE last_login > moment(-61)") == [("ada",)]


def test_a_short_lifetime_is_for_one_server_only(server):
    from workshop.claims import parts

    with LiveServer(paths.SERVER, access=2, refresh=3) as short:
        ages = []
        for each in (short, server):
            claims = parts(login(each)["access"])[1]
            ages.append(claims["exp"] - claims["iat"])
    assert ages == [2, 300]


def test_a_tree_is_not_as_old_as_the_clone(tmp_path):
    """What runs left behind is removed a day later, and a clone is older than that on its second day."""
    layer, runs = tmp_path / "layer", tmp_path / "runs"
    layer.mkdir()
    (layer / "manage.py").touch()
    os.utime(layer, (0, 0))
    tree.lay(layer, runs / "wrong")
    live_server.forget_old(runs)
    assert (runs / "wrong/manage.py").exists()
