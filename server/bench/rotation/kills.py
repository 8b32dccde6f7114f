"""Workers are killed in the middle of a rotation: what is left of the token, and of the login?"""

import random
import signal
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from os import kill
from statistics import median

from bench.client import Client
from bench.rotation.rows import timed
from bench.rows import log_in

KILLS = 60  # that hit a rotation
STUDENTS = 200


def killed_workers(server):
    """Again and again a client has just sent its refresh token when every worker gets SIGKILL, at a random moment.

    Only some of them are in time: a kill counts as one in the middle of a rotation when the response was lost.
    """
    typical = usual(server.url)
    seen = Counter()
    while seen["no response"] < KILLS:
        moment = random.uniform(0, 1.2 * typical)  # noqa: S311 - a moment, not a secret
        seen.update(one_kill(server, seen["kills"] % STUDENTS, moment))
    return {
        "kill -9 of every worker": seen["kills"],
        "in the middle of a rotation: no response": seen["no response"],
        "of these: the token still works": seen["no response"] - seen["spent"],
        "of these: the token is spent, its successor lost": seen["spent"],
        "a refresh token was accepted twice": seen["twice"],
        "a successor that was delivered is refused": seen["worthless"],
        "a user could not log in and refresh again": seen["locked out"],
    }


def usual(url):
    """The seconds that a rotation usually takes."""
    token, times = log_in(url, 0)["refresh"], []
    for _ in range(20):
        with Client(url) as client:
            taken, token = timed(client, "refresh", token)
        times.append(taken)
    return median(times)


def one_kill(server, number, moment):
    """What one kill did, as a count of what was seen. The client then tries again, twice at the same time."""
    token = log_in(server.url, number)["refresh"]
    end = threading.Timer(moment, kill_all, [workers(server)])
    end.start()
    response = refresh(server.url, token)
    end.join()
    with ThreadPoolExecutor() as pool:
        tries = list(pool.map(refresh, [server.url] * 2, [token] * 2))
    accepted = [bool(successor) for successor in (response, *tries)].count(True)
    return Counter(
        {
            "kills": 1,
            "no response": response is None,
            "spent": accepted == 0,
            "twice": accepted > 1,
            "worthless": bool(response) and not refresh(server.url, response),
            "locked out": not begins_again(server.url, number),
        }
    )


def begins_again(url, number):
    """Whether the user can log in, and refresh with what that gave."""
    try:
        return bool(refresh(url, log_in(url, number)["refresh"]))
    except (OSError, ValueError):
        return False


def refresh(url, token):
    """The successor; "" for a refusal, None when no response came."""
    try:
        with Client(url) as client:
            return timed(client, "refresh", token)[1]
    except ValueError:
        return ""
    except OSError:
        return None


def workers(server):
    """The process ids of gunicorn's workers: its master stays, and starts new ones for those that are killed."""
    (master,) = children(server.process.pid)
    return children(master)


def kill_all(pids):
    for pid in pids:
        with suppress(ProcessLookupError):  # one of the kill before, which was still listed
            kill(pid, signal.SIGKILL)


def children(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)  # noqa: S607
    return [int(line) for line in listed.stdout.split()]
