"""The servers whose rotation is measured: gunicorn with two workers, on SQLite and on PostgreSQL."""

from contextlib import contextmanager
from functools import partial

from bench.rotation import kills, rows
from bench.rotation.lifted import lift
from testkit import databases, postgresql, servers

BLACKLIST = "bench.rotation.blacklist"
FAMILIES = "bench.rotation.families"
WORKERS = 2
STUDENTS = 200
FEW, MANY = 1_000, 1_000_000
CLEANED = 100_000  # families, of which half are too old
# What the README of the app asks for, and what `make class` gives its SQLite file.
SQLITE = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    "transaction_mode": "IMMEDIATE",
}


def tables(runs):
    """Each as title, kinds, measurements and number of runs. The second two have no first column to be relative to."""
    for name in databases_here():
        yield f"rotation on {name}", partial(both_rotations, name), (rows.rotations,), runs, True
        yield (
            f"token families on {name}",
            partial(few_and_many, name),
            (rows.refresh_and_log_out,),
            runs,
            True,
        )
    yield f"the clean-up of {CLEANED // 2:,} families", half_expired, (rows.clean_up,), 1, False
    yield "workers are killed", plain, (kills.killed_workers,), 1, False


def databases_here():
    return ["SQLite", *(["PostgreSQL"] if postgresql.is_here() else [])]


def both_rotations(database, folder, stack):
    made = partial(server, database, folder, stack)
    return {"blacklist": made(BLACKLIST), "families": made(FAMILIES)}


def few_and_many(database, folder, stack):
    made = partial(server, database, folder, stack, FAMILIES)
    return {f"{rows:,} logins": made(rows=rows) for rows in (FEW, MANY)}


def half_expired(folder, stack):
    return {
        name: server(name, folder, stack, FAMILIES, rows=CLEANED, expired=CLEANED // 2)
        for name in databases_here()
    }


def plain(folder, stack):
    return {name: server(name, folder, stack, FAMILIES) for name in databases_here()}


def server(database, folder, stack, settings, *, rows=0, expired=0):
    """A server on a database of its own with students, and with so many families and spent tokens."""
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
        warm(here)
    return with_clean_up(
        servers.stock_gunicorn(address, settings=settings, workers=WORKERS, **app), variables
    )


def warm(folder):
    """Read an SQLite file once: a server that has run for an hour finds it in the memory of the machine."""
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
    """Run a command of the server to its end, or stop with what it said."""
    done = servers.run(command, timeout=None, **variables)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
