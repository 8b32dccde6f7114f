"""Measurements of a baseline and of our server, taking turns so that both meet the same machine."""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

import requests

from bench.servers import DEFAULT_HASHER, OURS, SERVER, STOCK, environment, running, sqlite

LOGIN = {"username": "ada", "password": "test"}


def kept_alive(templates, rounds=3, requests_each=20):
    """Median milliseconds of GET /products/ on a kept connection: stock, ours."""
    with running(STOCK, templates[STOCK]) as stock, running(OURS, templates[OURS]) as ours:
        times = {stock: [], ours: []}
        for _ in range(rounds):
            for url, measured in times.items():
                measured.extend(session_times(url, requests_each))
    return [median(measured) for measured in times.values()]


def session_times(url, count):
    """Milliseconds of `count` requests on one connection, after a first one that opens it."""
    with requests.Session() as session:
        session.get(f"{url}/products/", timeout=10)
        return [milliseconds(lambda: session.get(f"{url}/products/", timeout=10)) for _ in range(count)]


def milliseconds(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def connection_errors(templates, students, rounds):
    """How many of `rounds` x `students` logins end in a connection error: stock, ours."""
    with running(STOCK, templates[STOCK]) as stock, running(OURS, templates[OURS]) as ours:
        errors = {stock: 0, ours: 0}
        for _ in range(rounds):
            for url in errors:
                errors[url] += class_logs_in(url, students)
    return list(errors.values())


def class_logs_in(url, students):
    """So many logins at the same moment; the number of connection errors."""
    gate = threading.Barrier(students)

    def fails(_):
        gate.wait()
        try:
            log_in(url)
        except (requests.ConnectionError, requests.Timeout):
            return True
        return False

    with ThreadPoolExecutor(students) as pool:
        return sum(pool.map(fails, range(students)))


def log_in(url):
    requests.post(f"{url}/api/token/", json=LOGIN, timeout=30).raise_for_status()


def logins_per_second(templates, rounds=3):
    """Median logins per second of four clients: our server with Django's default hasher, ours."""
    with (
        running(DEFAULT_HASHER, templates[DEFAULT_HASHER]) as default,
        running(OURS, templates[OURS]) as ours,
    ):
        rates = {default: [], ours: []}
        for _ in range(rounds):
            for url, measured in rates.items():
                measured.append(login_rate(url))
    return [median(measured) for measured in rates.values()]


def login_rate(url, clients=4, logins=12):
    with ThreadPoolExecutor(clients) as pool:
        taken = milliseconds(lambda: list(pool.map(log_in, [url] * logins)))
    return logins / taken * 1000


def refused_logins(templates, rounds=9):
    """Median milliseconds until our server refuses a login: a wrong password, an account that nobody has."""
    with running(OURS, templates[OURS]) as url:
        times = {"wrong": [], "unknown": []}
        for number in range(rounds):  # of each account fewer failures than the throttle allows
            for name in ("ada", "grace", "admin"):
                times["wrong"].append(milliseconds(partial(refused, url, name)))
                times["unknown"].append(milliseconds(partial(refused, url, f"{name}{number}")))
    return [median(measured) for measured in times.values()]


def refused(url, username):
    login = {"username": username, "password": "wrong"}
    status = requests.post(f"{url}/api/token/", json=login, timeout=30).status_code
    if status != 401:
        sys.exit(f"A wrong login was answered with {status}, and 401 was wanted. Try: make test")


def start_to_first_answer(templates, rounds=5):
    """Median seconds from the command to the first answer: stock, ours."""
    times = {STOCK: [], OURS: []}
    for _ in range(rounds):
        for settings, measured in times.items():
            measured.append(seconds_to_first_answer(settings, templates[settings]))
    return [median(measured) for measured in times.values()]


def seconds_to_first_answer(settings, template):
    start = time.perf_counter()
    with running(settings, template) as url:
        requests.get(f"{url}/products/", timeout=10).raise_for_status()
        return time.perf_counter() - start


RECORD = """
import json, statistics, time
import django
django.setup()
from django.http import JsonResponse
from django.test import RequestFactory
from lab import middleware
request = RequestFactory().get("/user-orders/", headers={"Authorization": "Bearer x.y.z"})
response = JsonResponse({"detail": "Token is invalid"}, status=401)
costs = []
for _ in range(500):
    start = time.perf_counter()
    middleware.note(request, response, began=time.time(), seconds=0.001)
    costs.append(time.perf_counter() - start)
print(json.dumps(statistics.median(costs) * 1000))
"""


def recorded_request(templates):
    """Median milliseconds that the flight recorder adds to a request."""
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite(Path(shutil.copy(templates[OURS], folder)))
        command = [sys.executable, "-c", RECORD]
        said = subprocess.run(
            command, cwd=SERVER, env=environment(OURS, url), stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(said.stdout)
