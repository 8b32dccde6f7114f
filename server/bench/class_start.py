"""A class logs in: everybody at the same moment, and each then calls and refreshes."""

import json
import threading
import time
from dataclasses import dataclass, field
from statistics import median, quantiles

from bench.client import Client
from bench.students import PASSWORD, username

CALLS = 5
KINDS = ("login", "GET", "refresh")


@dataclass
class Result:
    """What one class met: the seconds of each request by kind, the errors, and how long the last one took."""

    students: int
    total: float = 0
    last_login: float = 0
    errors: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    def logins_per_second(self):
        return len(self.seconds["login"]) / self.last_login if self.last_login else 0

    def requests_per_second(self):
        return sum(map(len, self.seconds.values())) / self.total

    def percentiles(self, kind):
        """p50, p95 and p99 in milliseconds."""
        found = self.seconds[kind]
        if len(found) < 2:
            return None
        cuts = quantiles(found, n=100, method="inclusive")
        return [cuts[number - 1] * 1000 for number in (50, 95, 99)]


def start_class(url, students):
    """Let so many students log in at once, make five calls, refresh, and make five more."""
    result = Result(students)
    gate = threading.Barrier(students + 1)
    began = []
    threads = [threading.Thread(target=attend, args=(url, n, gate, began, result)) for n in range(students)]
    for thread in threads:
        thread.start()
    began.append(time.perf_counter())
    gate.wait()
    for thread in threads:
        thread.join()
    result.total = time.perf_counter() - began[0]
    return result


def attend(url, number, gate, began, result):
    """One student. An error ends the visit and is counted; nothing is tried again."""
    client = Client(url)
    gate.wait()
    try:
        pair = timed(
            result, "login", client.post, "/api/token/", {"username": username(number), "password": PASSWORD}
        )
        result.last_login = max(result.last_login, time.perf_counter() - began[0])
        for _ in range(CALLS):
            timed(result, "GET", client.get, "/user-orders/", pair["access"])
        pair |= timed(result, "refresh", client.post, "/api/token/refresh/", {"refresh": pair["refresh"]})
        for _ in range(CALLS):
            timed(result, "GET", client.get, "/user-orders/", pair["access"])
    except (OSError, ValueError) as error:
        result.errors.append(str(error) if isinstance(error, ValueError) else type(error).__name__)
    finally:
        client.close()


def timed(result, kind, call, *arguments):
    start = time.perf_counter()
    status, body = call(*arguments)
    if status != 200:
        raise ValueError(f"{kind} {status}")
    result.seconds[kind].append(time.perf_counter() - start)
    return json.loads(body)


@dataclass
class Rate:
    """What eight clients got out of a server that had nothing else to do."""

    per_second: float
    cpu_milliseconds: float  # of the server's processes, per request; no other program's load is in it


def rate(server, kind, seconds=1, clients=8):
    """The rate of eight clients that are logged in and send one kind of request for a second."""
    counts = []
    gate = threading.Barrier(clients + 1)
    arguments = [(server.url, kind, number, gate, seconds, counts) for number in range(clients)]
    threads = [threading.Thread(target=repeat, args=each) for each in arguments]
    for thread in threads:
        thread.start()
    gate.wait()
    start, cpu = time.perf_counter(), server.cpu()
    for thread in threads:
        thread.join()
    taken, used = time.perf_counter() - start, (server.cpu() or 0) - (cpu or 0)
    return Rate(sum(counts) / taken, used / max(sum(counts), 1) * 1000)


def repeat(url, kind, number, gate, seconds, counts):
    client, count = Client(url), 0
    _, body = client.post("/api/token/", {"username": username(number), "password": PASSWORD})
    pair = json.loads(body)
    send = {
        "GET": lambda: client.get("/user-orders/", pair["access"]),
        "refresh": lambda: client.post("/api/token/refresh/", {"refresh": pair["refresh"]}),
    }[kind]
    gate.wait()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        status, _ = send()
        count += status == 200
    client.close()
    counts.append(count)


def middle(results):
    """The result whose total is the median, so that all its figures belong together."""
    wanted = median(result.total for result in results) if len(results) % 2 else None
    return next((r for r in results if r.total == wanted), min(results, key=lambda r: r.total))
