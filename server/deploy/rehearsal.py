"""A database for a rehearsal: migrated and seeded once, then copied, and thrown away afterwards."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from testkit import databases, postgresql
from testkit.servers import OURS, SERVER, end, environment, start, watched

CLONE = SERVER.parent
TEMPLATES = CLONE / ".workshop" / "templates"
# What decides what is in a fresh database.
DECIDING = ("**/migrations/*.py", "**/models.py", "**/populate_db.py", "**/hashers.py", "**/settings.py")


class PostgreSQL:
    """A server of one's own on a free port of 127.0.0.1, which may stop and start again. Its files are in `folder`."""

    def __init__(self, folder, port):
        self.folder, self.port, self.process = Path(folder), port, None
        self.data = self.folder / "data"
        self.url = f"postgresql://shop@127.0.0.1:{port}/postgres"

    def start(self):
        options = [
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            f"unix_socket_directories={self.folder}",
        ]
        options += ["fsync=off", "shared_buffers=16MB"]  # it is thrown away
        command = [postgresql.find("postgres"), "-D", str(self.data)]
        command += [word for option in options for word in ("-c", option)]
        # SIGINT: end now, whoever is still connected.
        self.process = start(watched("SIGINT", command, user=postgresql.USER), stdout=subprocess.DEVNULL)
        postgresql.wait_until_ready(self.process, self.port)
        return self

    def stop(self):
        if self.process:
            end(self.process)
        self.process = None


class SQLite:
    """A file, where there is no PostgreSQL."""

    def __init__(self, folder):
        self.file = Path(folder) / "db.sqlite3"
        self.url = databases.sqlite(self.file)

    def start(self):
        return self

    def stop(self):
        pass


def prepared(folder, port, tree):
    """A started database of this tree, with the shop's demo accounts, products and orders."""
    if postgresql.is_here():
        database = PostgreSQL(folder, port)
        copy(template(tree, "postgresql"), database.data)
    else:
        database = SQLite(folder)
        copy(template(tree, "sqlite"), database.file)
    return database.start()


def template(tree, kind):
    """The files of a fresh database, made when they are missing."""
    made = TEMPLATES / f"{kind}-{fingerprint(tree)}"
    if not made.exists():
        TEMPLATES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            fresh = make(folder, tree, kind)
            copy(fresh, half := made.with_name(f"{made.name}.{Path(folder).name}"))
        put(half, made)
    return made


def put(half, made):
    """Give what is made its name. Two makers never see half of it: a rename happens at once, and the second is dropped."""
    try:
        half.rename(made)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)


def make(folder, tree, kind):
    if kind == "sqlite":
        seed(SQLite(folder).url, tree)
        return Path(folder) / "db.sqlite3"
    if postgresql.USER:
        shutil.chown(folder, postgresql.USER)
    database = PostgreSQL(folder, postgresql.free_port())
    postgresql.initialise(str(database.data))
    try:
        seed(database.start().url, tree)
    finally:
        database.stop()
    return database.data


def seed(url, tree):
    """Migrate, and make the demo accounts, as development does."""
    run_in(tree, ["-c", databases.SEED], DATABASE_URL=url, DJANGO_SETTINGS_MODULE=OURS)


def run_in(tree, arguments, **variables):
    """What Python prints that runs in the tree's folder. A failure is raised with what it said."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env=environment(PYTHONDONTWRITEBYTECODE="1", **variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise ShipError(done.stderr or done.stdout)
    return done.stdout


class ShipError(Exception):
    """A part of the shop did not start; the message is what it said."""


def fingerprint(tree):
    files = {
        path
        for pattern in DECIDING
        for folder in (tree, SERVER / "hardening")
        for path in Path(folder).glob(pattern)
    }
    parts = [CLONE / "requirements.txt", *sorted(files)]
    contents = [path.read_bytes() for path in parts]
    # The files of one version of PostgreSQL are of no use to the next.
    contents.append(postgresql.version())
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:16]


def copy(source, destination):
    """A copy with the same owner: PostgreSQL insists on it."""
    subprocess.run(["/bin/cp", "-a", str(source), str(destination)], check=True)
