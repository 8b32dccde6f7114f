"""Our runserver: quick, roomy, and gone when the program that started it is gone."""

import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from http.client import HTTPConnection

import pytest
import requests
from django.core.servers.basehttp import WSGIRequestHandler

from hardening.management.commands.runserver import ClassServer, JsonRequestHandler

PARENT = """
import os, subprocess, sys
hasattr(os, "setsid") and os.setsid()
child = subprocess.Popen([sys.executable, "manage.py", "runserver", *sys.argv[1:]], stdin=subprocess.PIPE)
child.wait()
"""


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_a_taken_port_is_named_with_what_to_do(manage, seeded, listener):
    run = manage("runserver", "--noreload", f"127.0.0.1:{listener}", DATABASE_URL=seeded)
    assert run.returncode == 1
    assert f"Port {listener} is taken. Stop the program that has it, or take a free port" in run.stderr


def test_a_port_that_cannot_be_is_named(manage, seeded):
    run = manage("runserver", "--noreload", "127.0.0.1:99999", DATABASE_URL=seeded)
    assert run.returncode == 1
    assert "port 99999: a port is a number from 0 to 65535." in run.stderr


@pytest.fixture
def parent(process, seeded):
    """Start a program that starts a server with these options; what is left of both is killed in the end."""
    started = []

    def start(*options):
        command = [sys.executable, "-c", PARENT, "--stop-with-parent", *options, "127.0.0.1:0"]
        started.append(process(command, DATABASE_URL=seeded))
        return started[0]

    yield start
    with contextlib.suppress(ProcessLookupError, AttributeError):  # nothing is left, or this is Windows
        os.killpg(started[0].pid, signal.SIGKILL)
    started[0].communicate()


@pytest.mark.parametrize("options", [["--noreload"], []], ids=["one process", "autoreloader"])
def test_a_server_ends_when_its_parent_is_killed(parent, address, options):
    program = parent(*options)
    url = address(program)
    program.kill()
    # Each process of the server holds this output: it ends when the last of them has ended.
    reader = threading.Thread(target=program.stdout.read, daemon=True)
    reader.start()
    reader.join(timeout=5)
    assert not reader.is_alive(), "a server process is left 5 seconds after its parent was killed"
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)


def test_a_server_without_the_option_outlives_its_input(process, address, seeded):
    command = [sys.executable, "manage.py", "runserver", "--noreload", "127.0.0.1:0"]
    with process(command, DATABASE_URL=seeded) as server:
        server.stdin.close()
        status = requests.get(f"{address(server)}/products/", timeout=5).status_code
        server.kill()
    assert status == 200


def test_thirty_clients_log_in_at_once(shop):
    gate = threading.Barrier(30)
    statuses = []

    def log_in():
        gate.wait()
        try:
            login = {"username": "ada", "password": "test"}
            statuses.append(requests.post(f"{shop.url}/api/token/", json=login, timeout=60).status_code)
        except requests.ConnectionError as error:
            statuses.append(type(error).__name__)

    clients = [threading.Thread(target=log_in) for _ in range(30)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert statuses == [200] * 30


def test_a_kept_connection_answers_again_and_again(shop):
    connection = HTTPConnection(shop.url.removeprefix("http://"), timeout=5)
    connection.connect()
    connection.auto_open = 0  # a connection that the server closed would now be an error, not a new one
    for _ in range(5):
        connection.request("GET", "/products/")
        with connection.getresponse() as response:
            assert (response.status, len(json.load(response))) == (200, 6)
        connection.request("HEAD", "/products/")
        with connection.getresponse() as response:
            assert (response.status, response.read()) == (200, b"")
    connection.close()


def test_a_response_is_not_held_back_to_be_joined_with_the_next():
    class Looking(JsonRequestHandler):
        def handle(self):
            delays.append(not self.connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    delays = []
    with ClassServer(("127.0.0.1", 0), WSGIRequestHandler) as server:
        assert server.request_queue_size == 128
        server.RequestHandlerClass = Looking
        with socket.create_connection(server.server_address):
            server.handle_request()
    assert delays == [False]


@pytest.mark.skipif(not hasattr(socket, "SOCK_SEQPACKET"), reason="no socket here keeps pieces apart")
def test_a_response_begins_with_its_whole_head():
    """A server that ended in the middle of one left a page with a response of plain text."""

    class InPieces(JsonRequestHandler):
        disable_nagle_algorithm = False  # this kind of socket knows no delay

    def application(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/event-stream"), ("X-Last", "1")])
        return [b"data: 1", b"data: 2"]

    client, connection = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with client, connection, ClassServer(("127.0.0.1", 0), WSGIRequestHandler) as server:
        server.set_app(application)
        client.send(b"GET / HTTP/1.0\r\n\r\n")
        InPieces(connection, ("127.0.0.1", 1), server)
        first, second = client.recv(10_000), client.recv(10_000)
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert first.endswith(b"X-Last: 1\r\nConnection: close\r\n\r\ndata: 1")
    assert second == b"data: 2"


def read_until(log, line, patience=10):
    """The log as soon as it has the line."""
    end = time.monotonic() + patience
    while line not in (text := log.read_text()):
        assert time.monotonic() < end, f"no {line} in the log: {text}"
        time.sleep(0.02)
    return text


def test_the_log_holds_no_token_and_no_password(serve):
    login = {"username": "grace", "password": "test-not-hers"}
    with serve() as server:
        requests.post(f"{server.url}/api/token/", json=login, timeout=5)
        pair = requests.post(f"{server.url}/api/token/", json=login | {"password": "test"}, timeout=5).json()
        header = {"Authorization": f"Bearer {pair['access']}"}
        assert requests.get(f"{server.url}/user-orders/", headers=header, timeout=5).status_code == 200
        # The server writes a request's line after its response; ended now, it could still owe the last one.
        log = read_until(server.log, '"GET /user-orders/ HTTP/1.1" 200')
    assert '"POST /api/token/ HTTP/1.1" 401' in log
    assert not any(secret in log for secret in (pair["access"], pair["refresh"], "test-not-hers"))


def test_the_environment_shortens_the_lifetimes_of_one_process(serve):
    with serve(JWT_ACCESS_SECONDS="0.001") as server:
        login = {"username": "ada", "password": "test"}
        access = requests.post(f"{server.url}/api/token/", json=login, timeout=5).json()["access"]
        header = {"Authorization": f"Bearer {access}"}
        response = requests.get(f"{server.url}/user-orders/", headers=header, timeout=5)
    assert response.status_code == 401
    assert response.json()["messages"][0]["message"] == "Token is expired"
