"""The servers whose rotation is measured: gunicorn with two workers, on SQLite and on PostgreSQL."""

import os
from contextlib import contextmanager
from functools import partial

from bench.rotation import kills, rows
from bench.rotation.lifted import lift
from testkit import databases, postgresql, servers

BLACKLIST = "bench.rotation.blacklist"
FAMILIES = "bench.rotation.families"
NO_ROTATION = "bench.rotation.no_rotation"
WORKERS = 2
STUDENTS = 200
FEW, MANY = 1_000, 1_000_000
EXPIRED = 50_000  # of many families: the clean-up deletes them and their spent tokens
# What the README of the app asks for, and what `make class` gives its SQLite file.
SQLITE = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    "transaction_mode": "IMMEDIATE",
}


def tables(runs):
    """Each as title, kinds, measurements and number of runs. The last has no first column to be relative to."""
    for name in databases_here():
        yield f"rotation on {name}", partial(ways_to_refresh, name), (rows.refreshes,), runs, True
        few_or_many = partial(few_and_many, name)
        yield f"token families on {name}", few_or_many, (rows.refresh_and_log_out, rows.clean_up), runs, True
    yield "workers are killed", plain, (kills.killed_workers,), 1, False


def databases_here():
    return ["SQLite", *(["PostgreSQL"] if postgresql.is_here() else [])]


def ways_to_refresh(database, folder, stack):
    made = partial(server, database, folder, stack)
    return {"blacklist": made(BLACKLIST), "families": made(FAMILIES), "no rotation": made(NO_ROTATION)}


def few_and_many(database, folder, stack):
    made = partial(server, database, folder, stack, FAMILIES)
    return {f"{FEW:,} logins": made(rows=FEW), f"{MANY:,} logins": made(rows=MANY, expired=EXPIRED)}


def plain(folder, stack):
    preload = {"GUNICORN_CMD_ARGS": "--config python:bench.rotation.preload"}
    return {name: server(name, folder, stack, FAMILIES, **preload) for name in databases_here()}


def server(database, folder, stack, settings, *, rows=0, expired=0, **more):
    """A server on a database of its own with students, and with so many families, each with a spent token."""
    here = folder / f"{database}-{settings}-{rows}"
    here.mkdir()
    address = databases.sqlite(here / "shop.sqlite3", **SQLITE)
    if database == "PostgreSQL":
        address = stack.enter_context(postgresql.cluster())
    app = lift(here)
    databases.seed(address, settings, **app)
    variables = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings} | app
    run("-m", "bench.students", str(STUDENTS), **variables)
    if rows:
        run("-m", "bench.rotation.fill", str(rows), str(expired), **variables)
        settle(here)
    return with_clean_up(
        servers.stock_gunicorn(address, settings=settings, workers=WORKERS, **app, **more), variables
    )


def settle(folder):
    """Let what was written reach the disk, and read an SQLite file once: a server that has run for an hour has it in memory."""
    os.sync()
    for file in folder.glob("shop.sqlite3*"):
        with file.open("rb") as content:
            while content.read(1_000_000):
                pass


@contextmanager
def with_clean_up(starting, variables):
    with starting as started:
        started.clean_up = partial(run, "manage.py", "flush_token_families", **variables)
        yield started


def run(*command, **variables):
    """What a command of the server printed, or stop with its error."""
    done = servers.run(command, timeout=None, **variables)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout
