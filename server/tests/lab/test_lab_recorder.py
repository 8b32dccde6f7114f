"""The flight recorder: what it keeps, for how long, and what it leaves alone. Its cost is measured in bench/."""

import json
import shutil
import subprocess
import sys
import threading
import time
import tracemalloc
from itertools import pairwise
from pathlib import Path

import jwt
import pytest
import requests
from django.core.exceptions import MiddlewareNotUsed
from django.http import JsonResponse
from django.test import Client, RequestFactory

from lab import live, middleware, ring, shown
from lab.middleware import FlightRecorder
from lab.ring import Ring

SERVER = Path(ring.__file__).parents[1]
ADDRESSES = ("/", "/lab/stream/", "/lab/strings/en/", "/lab/headers/", "/lab/assets/main.js")


@pytest.fixture
def memory(tmp_path):
    return Ring(tmp_path / "flight.sqlite3")


def kept(memory, after=0):
    """The records after that one, as dicts."""
    return [json.loads(data) for _, data in memory.after(after)]


def records(server):
    """What a running server's recorder holds."""
    for line in stream(server.url):
        if line.startswith("data: ["):
            return [entry["record"] for entry in json.loads(line.removeprefix("data: "))]
    return pytest.fail("the stream ended without a record")


def stream(url, **headers):
    """The lines of the stream, as they come."""
    answer = requests.get(f"{url}/lab/stream/", headers=headers, stream=True, timeout=5)
    assert answer.headers["Content-Type"] == "text/event-stream"
    answer.encoding = "utf-8"
    return answer.iter_lines(chunk_size=1, decode_unicode=True)


def test_without_the_switch_there_is_no_address_and_no_recorder(client, settings):
    settings.TOKEN_LAB = False
    assert [client.get(address).status_code for address in ADDRESSES] == [404] * len(ADDRESSES)
    with pytest.raises(MiddlewareNotUsed):
        FlightRecorder(lambda request: None)


def test_a_production_server_answers_404_and_records_nothing(output_of, seeded):
    program = (
        "import django; django.setup(); from django.conf import settings; from django.test import Client; "
    )
    program += (
        f"print([Client().get(a, secure=True, HTTP_HOST='localhost').status_code for a in {ADDRESSES}], "
    )
    program += "[name for name in settings.MIDDLEWARE if name.startswith('lab')])"
    production = {"DJANGO_DEBUG": "0", "DJANGO_SECRET_KEY": "".join(map(chr, range(40, 126)))}
    variables = production | {"DJANGO_SETTINGS_MODULE": "hardening.settings", "DATABASE_URL": seeded}
    assert output_of(program, **variables) == f"{[404] * len(ADDRESSES)} []\n"


def test_a_fault_of_the_recorder_is_not_a_fault_of_the_answer(settings, monkeypatch, tmp_path, caplog):
    settings.TOKEN_LAB = True
    (tmp_path / "taken").touch()
    monkeypatch.setattr(middleware, "ring", lambda: Ring(tmp_path / "taken" / "flight.sqlite3"))
    response = FlightRecorder(lambda request: JsonResponse({}))(RequestFactory().get("/products/"))
    assert response.status_code == 200
    assert caplog.messages == ["A request was not recorded: FileExistsError."]


def test_the_body_and_the_session_are_left_to_the_view(settings, monkeypatch, memory):
    settings.TOKEN_LAB = True
    monkeypatch.setattr(middleware, "ring", lambda: memory)
    request = RequestFactory().post("/api/token/", {"refresh": "x"}, content_type="application/json")
    response = FlightRecorder(lambda request: JsonResponse({}))(request)
    assert request.body == b'{"refresh": "x"}'
    assert not response.has_header("Vary")


def test_an_answer_is_the_same_with_and_without_the_recorder(settings, monkeypatch, memory, bearer):
    settings.TOKEN_LAB = True
    monkeypatch.setattr(middleware, "ring", lambda: memory)
    stock = [name for name in settings.MIDDLEWARE if not name.startswith("lab.")]

    def answers(*added):
        settings.MIDDLEWARE = [*added, *stock]
        calls = [
            ("/products/", "nobody"),
            ("/user-orders/", "ada"),
            ("/user-orders/", "nobody"),
            ("/orders/", "ada"),
        ]
        found = [Client().get(path, headers=bearer(name)) for path, name in calls]
        found.append(Client().post("/api/token/refresh/", {"refresh": "x"}, content_type="application/json"))
        found.append(Client().post("/api/token/", "[" * 10, content_type="application/json"))
        return [(answer.status_code, dict(answer.headers), answer.content) for answer in found]

    assert answers("lab.middleware.FlightRecorder") == answers()
    assert [record["status"] for record in kept(memory)] == [200, 200, 401, 403, 401, 400]


def test_a_call_with_requests_is_recorded(server, log_in):
    pair = log_in(server.url)
    header = {"Authorization": f"Bearer {pair['access']}"}
    requests.get(f"{server.url}/user-orders/?page=2", headers=header, timeout=5)
    requests.get(f"{server.url}/orders/", headers={"Authorization": f"Bearer {pair['refresh']}"}, timeout=5)
    requests.post(f"{server.url}/api/token/refresh/", json={"refresh": pair["refresh"]}, timeout=5)
    found = records(server)
    login, orders, swapped, refreshed = found
    assert (login["method"], login["path"], login["status"]) == ("POST", "/api/token/", 200)
    assert (login["client"], login["address"]) == ("Python requests", "127.0.0.1")
    assert [token["kind"] for token in login["issued"]] == ["access", "refresh"]
    assert (orders["path"], orders["query"], orders["scheme"]) == ("/user-orders/", ["page"], "Bearer")
    assert (orders["user"], orders["proof"], orders["reason"]) == ("ada", "authenticated", None)
    assert (orders["kind"], orders["jti"]) == ("access", login["issued"][0]["jti"])
    assert 297 <= orders["left"] <= 300 and 0 < orders["ms"] < 5_000
    assert abs(orders["time"] - time.time()) < 60
    assert (swapped["status"], swapped["reason"]) == (401, "Token has wrong type")
    assert (swapped["user"], swapped["user_id"], swapped["proof"]) == (None, orders["user_id"], "verified")
    assert (refreshed["kind"], refreshed["scheme"]) == ("refresh", None)
    assert refreshed["jti"] == login["issued"][1]["jti"]


def test_the_ring_forgets_the_oldest_only(memory):
    for number in range(ring.SIZE + 150):
        memory.add({"number": number})
    found = [record["number"] for record in kept(memory)]
    # It is trimmed at every hundredth record.
    assert found == list(range(100, ring.SIZE + 150))
    assert len(found) <= ring.SIZE + ring.TRIM_EVERY


def test_a_flood_pushes_nobody_else_out(memory):
    for student in range(30):
        for number in range(10):
            memory.add({"student": student, "number": number}, f"192.0.2.{student} {student}")
    for number in range(3 * ring.SIZE):
        memory.add({"student": "script", "number": number}, "192.0.2.99 ")
    found = kept(memory)
    students = [record for record in found if record["student"] != "script"]
    assert len(students) == 300
    assert found[-1] == {"student": "script", "number": 3 * ring.SIZE - 1}
    assert ring.SIZE <= len(found) <= ring.SIZE + ring.TRIM_EVERY


@pytest.mark.parametrize(
    ("counts", "room", "share"),
    [([5], 10, 5), ([10, 10], 10, 5), ([1, 100], 10, 9), ([3, 3, 100, 100], 20, 7), ([1, 2, 3], 6, 3)],
)
def test_what_the_small_ones_leave_is_divided_among_the_others(counts, room, share):
    assert ring.largest_share(counts, room) == share


def test_threads_and_workers_share_one_ring(memory):
    program = (
        "import sys, pathlib, threading; from lab.ring import Ring; ring = Ring(pathlib.Path(sys.argv[1])); "
    )
    program += "add = lambda: [ring.add({'worker': sys.argv[2]}) for _ in range(50)]; "
    program += "threads = [threading.Thread(target=add) for _ in range(4)]; "
    program += "[t.start() for t in threads]; [t.join() for t in threads]"
    workers = [
        subprocess.Popen([sys.executable, "-c", program, str(memory.file), name], cwd=SERVER) for name in "ab"
    ]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    ids = [number for number, _ in memory.after(0)]
    assert len(ids) == 400 and all(a < b for a, b in pairwise(ids))


def test_every_request_of_many_is_noted(settings, monkeypatch, memory):
    monkeypatch.setattr(middleware, "ring", lambda: memory)
    request = RequestFactory().get("/user-orders/", headers={"Authorization": "Bearer " + "x.y.z"})
    response = JsonResponse({"detail": "Token is invalid"}, status=401)
    for _ in range(300):
        middleware.note(request, response, [], began=time.time(), seconds=0.001)
    assert len(memory.after(0)) == 300


def test_a_stream_goes_on_where_the_page_was(memory):
    for number in range(5):
        memory.add({"number": number})
    text = "".join(live.events(memory, f"{memory.epoch}-3", hold=False))
    assert '"number": 3' in text and '"number": 4' in text and '"number": 2' not in text
    assert f"id: {memory.epoch}-5\n" in text


@pytest.mark.parametrize("position", ["", "another-3", "0-0", "-", "x" * 50, "1-²"])
def test_a_page_that_knows_another_ring_gets_everything(memory, position):
    memory.add({"number": 1})
    text = "".join(live.events(memory, position, hold=False))
    assert '"number": 1' in text
    assert text.endswith("event: pause\ndata: {}\n\n")


def test_a_stream_holds_no_thread_where_threads_are_few():
    assert not live.can_hold({"SERVER_SOFTWARE": "gunicorn/27.0", "wsgi.multithread": True})
    assert not live.can_hold({"SERVER_SOFTWARE": "WSGIServer/0.2", "wsgi.multithread": False})
    assert live.can_hold({"SERVER_SOFTWARE": "WSGIServer/0.2", "wsgi.multithread": True})


def test_more_pages_than_places_are_answered_at_once(memory, monkeypatch):
    monkeypatch.setattr(live, "places", threading.BoundedSemaphore(1))
    memory.add({"number": 1})
    first = live.events(memory, "", hold=True)
    next(first)
    assert "".join(live.events(memory, "", hold=True)).startswith("retry: 1000\n\n")
    first.close()
    second = live.events(memory, "", hold=True)
    assert next(second) == "retry: 200\n\n"
    second.close()


def test_open_streams_do_not_keep_the_server_from_ending(lab):
    with lab() as server:
        lines = [stream(server.url) for _ in range(8)]
        assert all(next(line) == "retry: 200" for line in lines)
        assert requests.get(f"{server.url}/products/", timeout=5).status_code == 200
        began = time.monotonic()
    assert time.monotonic() - began < 3


def save_again_and_again(file, seen):
    """Save the file until it is seen: the reloader may not look yet when the server already answers."""
    while not seen.wait(1):
        file.touch()


def test_open_streams_do_not_keep_the_autoreloader_from_restarting(
    process, address, database, tmp_path, environment
):
    tree, seen = tmp_path / "tree", threading.Event()
    shutil.copytree(
        SERVER, tree, ignore=shutil.ignore_patterns("tests", "bench", "__pycache__", "*.sqlite3*")
    )
    command = [sys.executable, "manage.py", "runserver", "--stop-with-parent", "127.0.0.1:0"]
    variables = environment(DATABASE_URL=database, PYTHONPATH="")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=tree, env=variables, **pipes) as server:
        try:
            first = address(server)
            lines = stream(first)
            next(lines)
            file = tree / "drf_course" / "simple_jwt.py"
            threading.Thread(target=save_again_and_again, args=[file, seen]).start()
            again = address(server)  # printed by the process that took its place
            seen.set()
            assert requests.get(f"{again}/products/", timeout=5).status_code == 200
        finally:
            seen.set()
            server.kill()


def test_another_header_and_another_word_are_the_ones_of_the_page(database, output_of):
    program = "from drf_course.simple_jwt import SIMPLE_JWT as s; s['AUTH_HEADER_TYPES'] = 'JWT'; "
    program += "s['AUTH_HEADER_NAME'] = 'HTTP_X_AUTH'; import django; django.setup(); "
    program += "from django.test import Client; from lab.ring import ring; "
    program += "page = Client().get('/', HTTP_HOST='localhost').text; "
    program += "Client().get('/user-orders/', HTTP_HOST='localhost', HTTP_X_AUTH='JWT x.y.z'); "
    program += 'print(\'"scheme": "JWT", "header": "X-Auth"\' in page, ring().after(1)[0][1])'
    variables = {"DJANGO_SETTINGS_MODULE": "hardening.settings", "DATABASE_URL": database}
    shows, record = output_of(program, **variables).split(" ", 1)
    assert (shows, json.loads(record)["scheme"], json.loads(record)["reason"]) == (
        "True",
        "JWT",
        "Token is invalid",
    )


def test_words_of_an_address_are_kept_and_others_hidden(client):
    assert shown.path("/api/token/refresh/") == "/api/token/refresh/"
    assert shown.path("/products/12/") == "/products/12/"
    assert shown.path("/user_orders/") == "/user_orders/"
    assert shown.path("/hunter2/12345/products/") == "/…/…/products/"
    assert shown.parameters(["page", "hunter2"]) == ["page", "…"]
    assert shown.scheme("bearer") == "bearer"
    assert shown.scheme("hunter2") == "…"


def test_a_sentence_of_the_server_repeats_nothing_that_was_sent():
    assert shown.sentence("Token is expired") == "Token is expired"
    assert shown.sentence("The user's password has been changed.") == "The user's password has been changed."
    assert shown.sentence('Method "hunter2" not allowed.') == 'Method "…" not allowed.'
    assert shown.sentence("no user hunter2 here", {"hunter2"}) == "no user … here"


def test_the_longest_request_costs_no_more_than_the_longest_sentence():
    """A regular expression of 2 MB took seconds and half a gigabyte; eight of them stopped a class."""
    secret = "x" * 2_200_000
    said = f"No user {secret} here"
    tracemalloc.start()
    found = [shown.sentence(text, {secret}) for text in (said, "No active account found")]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == ["No user …", "No active account found"]
    assert peak < 1_000_000
    assert shown.sentence("no hunter2 here", {f"secret {number}" for number in range(5_000)}) == "…"


def test_a_secret_is_hidden_where_the_sentence_is_cut():
    for place in (10, 140, 155, 170, 300):
        secret = "correct horse battery staple " * 12
        found = shown.sentence("word " * (place // 5) + secret)
        assert "corr" in found or place >= 160
        assert "corr" not in shown.sentence("word " * (place // 5) + secret, {secret})


def test_a_path_of_thousands_of_parts_is_cut(client):
    assert len(shown.path("/ab" * 20_000)) < 60


def test_a_claim_that_nobody_verified_is_nobodys(server):
    token = jwt.encode({"user_id": "1", "token_type": "access"}, "guess" * 8, "HS256")
    requests.get(f"{server.url}/", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    requests.get(f"{server.url}/api/schema/swagger-ui/?token={token}", timeout=5)
    requests.get(f"{server.url}/user-orders/", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    page, _, orders = records(server)
    assert (page["status"], page["user"], page["proof"]) == (200, None, "claimed")
    assert (orders["status"], orders["proof"], orders["gate"]) == (401, "claimed", "signature")
