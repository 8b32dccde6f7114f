"""gunicorn, as a part of the whole shop on this machine."""

import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from deploy.rehearsal import ShipError
from testkit.servers import end, start, watched

CONFIG = Path(__file__).with_name("gunicorn.conf.py")
PATIENCE = 30  # seconds to start


class Web:
    """One gunicorn: behind the proxy through a socket file, and on a port of its own for whoever is in the same network."""

    def __init__(self, shop, number, workers):
        self.shop, self.number, self.workers = shop, number, workers
        self.port = shop.reserve()
        self.socket = shop.folder / f"web{number}.sock"
        self.log = shop.folder / f"web{number}.log"
        self.pid = shop.folder / f"web{number}.pid"
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def launch(self):
        binds = ["--bind", f"unix:{self.socket}", "--bind", f"127.0.0.1:{self.port}"]
        command = [sys.executable, "-m", "gunicorn", "--config", str(CONFIG), *binds]
        command += ["--pid", str(self.pid), "--workers", str(self.workers), "drf_course.wsgi"]
        with self.log.open("a") as log:
            self.process = start(
                watched("SIGTERM", command),
                folder=self.shop.tree,
                stdout=subprocess.DEVNULL,
                stderr=log,
                **self.shop.variables,
            )
        return self

    def wait(self):
        """Return when it answers."""
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None:
                raise ShipError(self.log.read_text())
            if time.monotonic() > until:
                raise ShipError(f"gunicorn did not answer within {PATIENCE} s.\n{self.log.read_text()}")
            time.sleep(0.05)
        return self

    def answers(self):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/live/", headers={"Host": "localhost"})
            return connection.getresponse().status > 0
        except OSError:
            return False
        finally:
            connection.close()

    def reload(self):
        """Replace the workers by new ones, which read the code anew. Each old one finishes its requests first."""
        os.kill(int(self.pid.read_text()), signal.SIGHUP)

    def stop(self):
        if self.process:
            end(self.process)
        self.process = None
