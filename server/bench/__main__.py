"""Print every measurement. Nothing is asserted: a slow machine is no failure. RUNS=1 makes it short."""

import os
import platform
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from bench import page, rows
from bench.client import TLS
from bench.rotation import kinds as rotation
from deploy import ship
from testkit import browsers, databases, postgresql, servers
from testkit.measure import compared

ANSWER = servers.SERVER.parent / "solutions/12_ship_it/answer/drf_course/production.py"
RUNS = 3  # of each measurement
STUDENTS = 200
PACKAGES = ("Django", "djangorestframework", "djangorestframework-simplejwt", "argon2-cffi", "gunicorn")
UNRECORDED = "bench.unrecorded"
# What `make class` gives its SQLite file.
FAST_SQLITE = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}


def main():
    console = Console(width=None if sys.stdout.isatty() else 130)
    console.print(machine(), highlight=False)
    runs = int(os.environ.get("RUNS") or RUNS)
    for title, kinds, measurements, times, ratios in (
        ("runserver", runservers, rows.RUNSERVER, runs, True),
        ("the server of a class", class_servers, rows.CLASS, runs, True),
        ("the whole shop: proxy, gunicorn, PostgreSQL", shops, rows.CHAIN, runs, True),
        ("the flight recorder", recorders, rows.RECORDER, runs, True),
        *([("the Token Lab", token_lab, (page.token_lab,), runs, True)] if browsers.find() else []),
        *rotation.tables(runs),
    ):
        with (
            tempfile.TemporaryDirectory() as folder,
            ExitStack() as stack,
            console.status("starting the servers") as status,
        ):
            started = {name: stack.enter_context(kind) for name, kind in kinds(Path(folder), stack).items()}
            table = compared(title, started, measurements, times, status.update, ratios=ratios)
        console.print(table)
    algorithms = {name: name for name in rows.KEYS}
    console.print(compared("signatures", algorithms, (rows.signatures,), runs))
    console.print(
        f"Medians of {runs} runs or more; in brackets: relative to the first column.", highlight=False
    )


def machine():
    """The machine and the versions in one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    hardware = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{hardware}, Python {platform.python_version()}, {packages}"


def populated(url, settings):
    """The address of a seeded database with students, whose passwords are hashed as these settings say."""
    databases.seed(url, settings)
    variables = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings}
    servers.run(["-m", "bench.students", str(STUDENTS)], timeout=None, **variables).check_returncode()
    return url


def runservers(folder, _stack):
    stock = populated(databases.sqlite(folder / "stock.sqlite3"), servers.STOCK)
    ours = populated(databases.sqlite(folder / "ours.sqlite3"), servers.OURS)
    return {"stock": servers.runserver(servers.STOCK, stock), "ours": servers.runserver(servers.OURS, ours)}


def class_servers(folder, stack):
    stock = populated(databases.sqlite(folder / "stock.sqlite3"), servers.STOCK)
    ours = populated(databases.sqlite(folder / "ours.sqlite3", **FAST_SQLITE), servers.OURS)
    kinds = {"stock, gunicorn": servers.stock_gunicorn(stock), "ours, SQLite": servers.class_server(ours)}
    if postgresql.is_here():
        url = populated(stack.enter_context(postgresql.cluster()), servers.OURS)
        kinds["ours, PostgreSQL"] = servers.class_server(url)
    return kinds


def shops(folder, _stack):
    """gunicorn alone, and behind the proxy with more and more workers; at last as two servers that share the database."""
    if lacking := ship.missing():
        raise SystemExit(lacking[0])
    tree = folder / "tree"
    for name in ("drf_course", "api"):
        shutil.copytree(servers.SERVER / name, tree / name)
    shutil.copy(servers.SERVER / "manage.py", tree)
    shutil.copy(ANSWER, tree / "drf_course")
    return {
        "gunicorn alone, 2 workers": shop(tree, web=1, workers=2, proxy=False),
        "proxy, 1 worker": shop(tree, web=1, workers=1),
        "proxy, 2 workers": shop(tree, web=1, workers=2),
        "proxy, 4 workers": shop(tree, web=1, workers=4),
        "proxy, 2 servers of 1": shop(tree, web=2, workers=1),
    }


@contextmanager
def shop(tree, **options):
    """A whole shop with the students in its database."""
    environment = {"DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1", "DJANGO_TRUSTED_PROXIES": "unix,127.0.0.1"}
    with ship.ship(tree, **options, **environment) as started:
        TLS.load_verify_locations(started.verify)
        variables = {"DATABASE_URL": started.database.url, "DJANGO_SETTINGS_MODULE": servers.OURS}
        servers.run(["-m", "bench.students", str(STUDENTS)], timeout=None, **variables).check_returncode()
        yield started


def recorders(folder, _stack):
    ours = populated(databases.sqlite(folder / "ours.sqlite3"), servers.OURS)
    return {
        "off": servers.runserver(UNRECORDED, ours),
        "on": servers.runserver(servers.OURS, ours),
    }


def token_lab(folder, _stack):
    return {
        "ours": servers.runserver(servers.OURS, databases.seed(databases.sqlite(folder / "ours.sqlite3")))
    }


if __name__ == "__main__":
    # As Ctrl-C does: the servers and the database that were started end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
