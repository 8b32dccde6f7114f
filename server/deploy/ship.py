"""The whole shop on this machine, without containers: a proxy that ends TLS, gunicorn as often as you like, PostgreSQL.

The same files as compose.yaml uses, on free ports of 127.0.0.1. Everything ends with the block that started it, and with
this process. `python -m deploy.ship TREE` starts it from a terminal, as `make ship` does.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path

from deploy import certificates, rehearsal
from deploy.rehearsal import ShipError
from testkit import postgresql
from testkit.servers import SERVER, end, environment, start, watched

SETTINGS = "drf_course.production"
HERE = Path(__file__).parent
KEYS = ("DJANGO_SECRET_KEY", "JWT_SIGNING_KEY")
PATIENCE = 30  # seconds to start
INSTALLS = {
    "nginx": "No nginx is found. On Debian, `apt-get install nginx-light` installs it.",
    "PostgreSQL": "No PostgreSQL is found. On Debian, `apt-get install postgresql` installs it.",
}
# nginx around the server of nginx.conf.template: as whoever starts it, with every file in one folder.
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log warn;
{user}
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/shop.conf;
}}
"""


def find_nginx():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


def missing():
    """What this machine lacks for the whole shop: a sentence for each part."""
    there = {"nginx": find_nginx(), "PostgreSQL": postgresql.is_here()}
    return [INSTALLS[part] for part, found in there.items() if not found]


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
        command = [sys.executable, "-m", "gunicorn", "--config", str(HERE / "gunicorn.conf.py"), *binds]
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
        signal_to(self.pid, signal.SIGHUP)

    def stop(self):
        if self.process:
            end(self.process)
        self.process = None


class Proxy:
    """nginx with the server of nginx.conf.template."""

    def __init__(self, shop, port=0):
        self.shop = shop
        self.http, self.https = shop.reserve(), port or shop.reserve()
        self.process = None

    def start(self):
        folder = self.shop.folder
        user = "user root;" if postgresql.USER else ""  # else its workers could not read the folder
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
        (folder / "shop.conf").write_text(
            filled_in((HERE / "nginx.conf.template").read_text(), self.values())
        )
        command = [
            find_nginx(),
            "-p",
            str(folder),
            "-c",
            str(folder / "nginx.conf"),
            "-e",
            f"{folder}/nginx-errors.log",
        ]
        self.process = start(watched("SIGQUIT", command), folder=folder, stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while not listens(self.https):
            if self.process.poll() is not None or time.monotonic() > until:
                raise ShipError(f"nginx did not start.\n{(folder / 'nginx-errors.log').read_text()}")
            time.sleep(0.02)
        return self

    def values(self):
        servers = (f"server unix:{web.socket} max_fails=0;" for web in self.shop.webs)
        return {
            "SHOP_UPSTREAM": " ".join(servers),
            "SHOP_HTTP": f"127.0.0.1:{self.http}",
            "SHOP_HTTPS": f"127.0.0.1:{self.https}",
            "SHOP_CERTIFICATES": str(self.shop.folder),
            "SHOP_LOG": str(self.shop.folder / "proxy.log"),
        }

    def stop(self):
        if self.process:
            end(self.process)
        self.process = None

    def restart(self):
        self.stop()
        self.start()


class Shop:
    """The parts of a running shop.

    `url` is what a browser uses: https, or without nginx the first gunicorn. `plain` is the same without encryption.
    `verify` is what `requests` needs to trust the certificate. `webs` are the gunicorns, `database` and `proxy` the rest.
    """

    def __init__(self, tree, folder, stack, *, settings=SETTINGS, environment=None):
        self.tree, self.folder, self.settings = Path(tree).resolve(), Path(folder), settings
        self._stack, self._given = stack, environment or {}
        self.webs, self.proxy, self.database = [], None, None
        self.keys = {f"{name}_FILE": str(secret_file(self.folder / name.lower())) for name in KEYS}

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
            "DJANGO_TRUSTED_PROXIES": "unix",
            **self.keys,
            "DJANGO_STATIC_ROOT": str(static_files()),
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

    def log(self):
        """What the gunicorns and the proxy have logged so far."""
        files = [*(web.log for web in self.webs), self.folder / "proxy.log", self.folder / "nginx-errors.log"]
        return "\n".join(file.read_text() for file in files if file.exists())


@contextmanager
def ship(tree, *, web=2, workers=1, settings=SETTINGS, database=None, proxy=True, port=0, **environment):
    """The whole shop of a tree while the block runs. Without nginx or PostgreSQL: without the proxy, or on SQLite.

    `web` gunicorns of `workers` processes each; `database` is the address of one that is there already.
    """
    with ExitStack() as stack:
        # Not in the clone: a socket file's path may be 100 letters long.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="shop-", ignore_cleanup_errors=True))
        Path(folder).chmod(0o711)
        shop = Shop(tree, folder, stack, settings=settings, environment=environment)
        certificates.make(shop.folder)
        shop.database = database or start_database(shop, stack)
        shop.webs = [Web(shop, number, workers) for number in range(1, web + 1)]
        stack.callback(stop_all, shop)
        for each in shop.webs:
            each.launch()
        for each in shop.webs:
            each.wait()
        if proxy and find_nginx():
            shop.proxy = Proxy(shop, port)
            shop.proxy.start()
        yield shop


def stop_all(shop):
    """End every part: all at once, and then wait for each."""
    parts = [part for part in (shop.proxy, *shop.webs) if part and part.process]
    for part in parts:
        part.process.stdin.close()
    for part in parts:
        part.stop()


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


def static_files():
    """The folder of the collected styles and scripts, collected when they are missing: they depend on the packages alone."""
    lock = rehearsal.fingerprint(SERVER / "lab" / "assets")
    made = rehearsal.TEMPLATES / f"static-{lock}"
    if not made.exists():
        rehearsal.TEMPLATES.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=rehearsal.TEMPLATES, prefix="static-making-"))
        variables = {"DJANGO_SETTINGS_MODULE": "deploy.static_settings", "DJANGO_STATIC_ROOT": str(half)}
        rehearsal.run_in(SERVER, ["manage.py", "collectstatic", "--no-input"], **variables)
        half.chmod(0o755)
        rehearsal.put(half, made)
    return made


def filled_in(template, values):
    """The template with its ${SHOP_...} replaced; $names in small letters stay, as they are nginx's."""
    return re.sub(r"\$\{(SHOP_[A-Z]+)\}", lambda found: values[found[1]], template)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def signal_to(pid_file, number):
    os.kill(int(pid_file.read_text()), number)
