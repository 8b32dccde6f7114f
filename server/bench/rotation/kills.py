"""Workers are killed in the middle of a rotation: what is left of the token, and of the login?"""

import random
import signal
import subprocess
import threading
from collections import Counter
from os import kill
from statistics import median

from bench.client import Client
from bench.rotation.rows import timed
from bench.rows import log_in

KILLS = 60


def killed_workers(server):
    """Each time a client has just sent its refresh token when every worker gets SIGKILL, at a random moment."""
    typical = usual(server.url)
    chance = random.Random(13)  # noqa: S311 - moments, not secrets
    seen = Counter()
    for number in range(KILLS):
        seen.update(one_kill(server, number, chance.uniform(0, 1.2 * typical)))
    return {
        "kill -9 of every worker during a rotation": KILLS,
        "the response was lost": seen["no response"],
        "the token was spent, and its successor lost": seen["spent"],
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


def one_kill(server, number, delay):
    """What one kill did, as a count of what was seen."""
    token = log_in(server.url, number)["refresh"]
    workers = threading.Timer(delay, kill_workers, (server,))
    workers.start()
    response = refresh(server.url, token)
    workers.join()
    tries = [refresh(server.url, token) for _ in range(2)]
    accepted = [bool(successor) for successor in (response, *tries)].count(True)
    return Counter(
        {
            "no response": response is None,
            "spent": accepted == 0,
            "twice": accepted > 1,
            "worthless": bool(response) and not refresh(server.url, response),
            "locked out": not refresh(server.url, log_in(server.url, number)["refresh"]),
        }
    )


def refresh(url, token):
    """The successor; "" for a refusal, None when no response came."""
    try:
        with Client(url) as client:
            return timed(client, "refresh", token)[1]
    except ValueError:
        return ""
    except OSError:
        return None


def kill_workers(server):
    """gunicorn's master stays, and starts new ones."""
    (master,) = children(server.process.pid)
    for worker in children(master):
        kill(worker, signal.SIGKILL)


def children(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)  # noqa: S607
    return [int(line) for line in listed.stdout.split()]
