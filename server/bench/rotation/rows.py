"""What is measured of rotation. A row is a function: it takes a running server and gives named numbers."""

import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench.client import Client
from bench.rows import log_in

LONG_ENOUGH = 2  # seconds of refreshing
REST = 0.1  # seconds between two refreshes of a person: a load that the server has no trouble with


def refreshes(server, clients=8):
    """Each client refreshes with what it got from the refresh before, or with the same token where none is new."""
    times, errors = refresh_for(server.url, clients, lambda began: time.perf_counter() - began < LONG_ENOUGH)
    return {"refreshes/s": len(times) / LONG_ENOUGH, "refreshes that failed": errors}


def refresh_and_log_out(server, count=10):
    """One client alone, so that it is the work of one request that is measured."""
    refreshed, logged_out = [], []
    with Client(server.url) as client:
        for number in range(count):
            token = log_in(server.url, number)["refresh"]
            taken, token = timed(client, "refresh", token)
            refreshed.append(taken)
            taken, _ = timed(client, "blacklist", token)
            logged_out.append(taken)
    return {"refresh, ms": median(refreshed) * 1000, "log-out, ms": median(logged_out) * 1000}


# Often and short, in turns: whatever else the machine does meets both servers.
refresh_and_log_out.runs = 40


def clean_up(server):
    """The command deletes what has expired while eight people go on refreshing. Nothing, where nothing has expired."""
    before, _ = refresh_for(server.url, 8, lambda began: time.perf_counter() - began < LONG_ENOUGH, rest=REST)
    with ThreadPoolExecutor() as pool:
        began = time.perf_counter()
        cleaning = pool.submit(server.clean_up)
        during, errors = refresh_for(server.url, 8, lambda _began: not cleaning.done(), rest=REST)
        taken = time.perf_counter() - began
    deleted = sum(map(int, re.findall(r"\d+", cleaning.result())))
    if not deleted:
        return {}
    return {
        "rows deleted": deleted,
        "the clean-up, s": taken,
        "refreshes/s meanwhile": len(during) / taken,
        "refreshes that failed meanwhile": errors,
        "longest refresh meanwhile, ms": max(during) * 1000,
        "longest refresh before it, ms": max(before) * 1000,
    }


clean_up.runs = 1


def refresh_for(url, clients, go_on, rest=0):
    """The seconds of every refresh of clients that rest between two, and how many were refused or failed."""
    times, errors, gate = [], [], threading.Barrier(clients)

    def repeat(number):
        token = log_in(url, number)["refresh"]
        gate.wait()
        began = time.perf_counter()
        with Client(url) as client:
            while go_on(began):
                try:
                    taken, token = timed(client, "refresh", token)
                    times.append(taken)
                except (OSError, ValueError) as error:
                    errors.append(error)
                    token = log_in(url, number)["refresh"]
                time.sleep(rest)

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(repeat, range(clients)))
    return times, len(errors)


def timed(client, endpoint, token):
    """The seconds that the request took, and the refresh token to go on with: a new one where tokens are rotated."""
    began = time.perf_counter()
    status, body = client.post(f"/api/token/{endpoint}/", {"refresh": token})
    taken = time.perf_counter() - began
    if status != 200:
        raise ValueError(f"answered with {status}")
    return taken, json.loads(body).get("refresh", token)
