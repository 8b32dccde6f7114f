"""The whole shop on this machine, without containers: a proxy that ends TLS, gunicorn as often as you like, PostgreSQL.

The same files as compose.yaml uses, on free ports of 127.0.0.1. Everything ends with the block that started it, and with
this process. `make ship` starts it from a terminal.
"""

import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path

from deploy import certificates, keys, rehearsal, static_files
from deploy.proxy import Proxy, find_nginx
from deploy.rehearsal import ShipError
from deploy.web import Web
from testkit import postgresql
from testkit.servers import end, environment, start, watched

__all__ = ["ShipError", "Shop", "missing", "ship"]

SETTINGS = "drf_course.production"
TIDY = ("tidy_up", "--every", "3600")  # as in compose.yaml; seconds
KEYS = ("DJANGO_SECRET_KEY", "JWT_SIGNING_KEY")
PREFIX = "jwt-workshop-shop-"  # of the folders of running shops
A_WEEK = 604_800  # seconds
INSTALLS = {
    "nginx": "No nginx is found. On Debian, `apt-get install nginx-light` installs it.",
    "PostgreSQL": postgresql.MISSING,
}


def missing():
    """What this machine lacks for the whole shop: a sentence for each part."""
    there = {"nginx": find_nginx(), "PostgreSQL": postgresql.is_here()}
    return [INSTALLS[part] for part, found in there.items() if not found]


class Shop:
    """The parts of a running shop.

    `url` is what a browser uses: https, or without nginx the first gunicorn. `plain` is the same without encryption.
    `verify` is what `requests` needs to trust the certificate. `webs` are the gunicorns, `database` and `proxy` the rest.
    """

    def __init__(self, tree, folder, stack, *, settings=SETTINGS, environment=None):
        self.tree, self.folder, self.settings = Path(tree).resolve(), Path(folder), settings
        self._stack, self._given = stack, environment or {}
        self.webs, self.proxy, self.database, self.proxied = [], None, None, False
        self.keys = {f"{name}_FILE": str(secret_file(self.folder / name.lower())) for name in KEYS}
        self.keys["JWT_KEY_FOLDER"] = str(keys.make(self.folder / "keyring"))

    @property
    def url(self):
        return f"https://localhost:{self.proxy.https}" if self.proxy else self.webs[0].url

    @property
    def plain(self):
        return f"http://localhost:{self.proxy.http}" if self.proxy else self.webs[0].url

    @property
    def verify(self):
        return str(self.folder / "authority.pem")

    @cached_property
    def variables(self):
        """The environment of every process of the shop."""
        return {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "DJANGO_DEBUG": "0",
            "DJANGO_ALLOWED_HOSTS": "localhost",
            "DJANGO_NUM_PROXIES": "1",
            # Without a proxy, whoever asks plays its part.
            "DJANGO_TRUSTED_PROXIES": "unix" if self.proxied else "127.0.0.1",
            **self.keys,
            "DJANGO_STATIC_ROOT": str(static_files.collected()),
            "DATABASE_URL": self.database if isinstance(self.database, str) else self.database.url,
            "PYTHONDONTWRITEBYTECODE": "1",
            **self._given,
        }

    def reserve(self):
        """A free port, which nobody else gets while this process lives."""
        holder = self._stack.enter_context(socket.socket())
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        return holder.getsockname()[1]

    def run(self, *arguments):
        """One management command with the shop's settings, finished: its output, its errors and its exit code."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.tree,
            env=environment(**self.variables),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def manage(self, *arguments):
        """All that a management command says."""
        done = self.run(*arguments)
        return done.stdout + done.stderr

    def shell(self, code):
        """What the code prints in `manage.py shell`; when it fails, why. The models are imported already."""
        done = self.run("shell", "--verbosity", "0", "--command", code)
        return done.stderr if done.returncode else done.stdout

    def wait(self):
        """Return when a gunicorn has ended."""
        self.webs[0].process.wait()

    def log(self):
        """What the gunicorns and the proxy have logged so far."""
        files = [*(web.log for web in self.webs), self.folder / "proxy.log", self.folder / "nginx-errors.log"]
        return "\n".join(file.read_text() for file in files if file.exists())


@contextmanager
def ship(
    tree, *, web=2, workers=1, settings=SETTINGS, database=None, proxy=True, port=0, tidy=False, **environment
):
    """The whole shop of a tree while the block runs. Without nginx or PostgreSQL: without the proxy, or on SQLite.

    `web` gunicorns of `workers` processes each; `database` is the address of one that is there already; `tidy` is whether
    the job that tidies up runs, too.
    """
    forget_old()
    with ExitStack() as stack:
        # Not in the clone: a socket file's path may be 100 letters long.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True))
        Path(folder).chmod(0o711)
        shop = Shop(tree, folder, stack, settings=settings, environment=environment)
        shop.proxied = bool(proxy and find_nginx())
        certificates.make(shop.folder)
        shop.database = database or start_database(shop, stack)
        shop.webs = [Web(shop, number, workers) for number in range(1, web + 1)]
        stack.callback(stop_all, shop)
        for each in shop.webs:
            each.launch()
        for each in shop.webs:
            each.wait()
        if shop.proxied:
            shop.proxy = Proxy(shop, port)
            shop.proxy.start()
        if tidy:
            start_tidying(shop, stack)
        yield shop


def forget_old():
    """Remove what shops left behind whose process was killed a week ago or more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            if time.time() - folder.stat().st_mtime > A_WEEK:
                shutil.rmtree(folder, ignore_errors=True)


def stop_all(shop):
    """End every part: all at once, and then wait for each."""
    parts = [part for part in (shop.proxy, *shop.webs) if part and part.process]
    for part in parts:
        part.process.stdin.close()
    for part in parts:
        part.stop()


def start_tidying(shop, stack):
    """Delete what has expired now and every hour. What it says is in tidy.log."""
    command = watched("SIGTERM", [sys.executable, "manage.py", *TIDY])
    with (shop.folder / "tidy.log").open("a") as log:
        job = start(command, folder=shop.tree, stdout=log, stderr=log, **shop.variables)
    stack.callback(end, job)


def secret_file(file):
    """A new file with a random key, which only its owner reads."""
    file.touch(mode=0o600)
    file.write_text(secrets.token_urlsafe(64) + "\n")
    return file


def start_database(shop, stack):
    folder = shop.folder / "database"
    folder.mkdir()
    if postgresql.USER:
        shutil.chown(folder, postgresql.USER)
    database = rehearsal.prepared(folder, shop.reserve(), shop.tree)
    stack.callback(database.stop)
    return database
