"""The flight recorder's memory: a ring of records in a small SQLite file that all workers share."""

import json
import os
import secrets
import sqlite3
import threading
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

SIZE = 2_000  # records kept
TRIM_EVERY = 100  # records: trimming each time would cost as much as adding
PATIENCE = 0.2  # seconds that one worker waits for another's write
TABLES = """
CREATE TABLE IF NOT EXISTS ring (epoch TEXT);
CREATE TABLE IF NOT EXISTS flight (id INTEGER PRIMARY KEY AUTOINCREMENT, share TEXT NOT NULL, data TEXT NOT NULL);
"""
TRIM = """
DELETE FROM flight WHERE id IN (
    SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY share ORDER BY id DESC) AS age FROM flight) WHERE age > ?
)
"""


class Ring:
    """Add records, read those after one, wait for the next. Safe under threads, workers and forks.

    `epoch` names the file's life: an id of another epoch says nothing about this ring.
    """

    def __init__(self, file):
        self.file = file
        self.news = threading.Condition()
        self._lock = threading.Lock()
        self._process = self._connection = None

    @property
    def epoch(self):
        with self._lock:
            return self._connect().execute("SELECT epoch FROM ring").fetchone()[0]

    def add(self, record, share=""):
        """Keep the record. When there are too many, the largest shares lose their oldest: no client pushes others out."""
        text = json.dumps(record, ensure_ascii=False)
        with self._lock:
            database = self._connect()
            added = database.execute(
                "INSERT INTO flight (share, data) VALUES (?, ?)", (share, text)
            ).lastrowid
            if added % TRIM_EVERY == 0:
                trim(database)
        with self.news:
            self.news.notify_all()

    def after(self, last):
        """The records with a higher id, oldest first, as `(id, JSON text)`; at most SIZE and what came since."""
        newest = "SELECT id, data FROM flight WHERE id > ? ORDER BY id DESC LIMIT ?"
        with self._lock:
            return self._connect().execute(newest, (last, SIZE + TRIM_EVERY)).fetchall()[::-1]

    def wait(self, seconds):
        """Return when this process has added a record, or after so many seconds."""
        with self.news:
            self.news.wait(seconds)

    def _connect(self):
        """This process's connection. One that came through a fork must not be used."""
        if self._process != os.getpid():
            # A worker may fork while the file is removed or made: the first use makes it anew.
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self.file, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            # What a crash of the machine loses here, nobody misses: no write waits for the disk.
            self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + TABLES)
            self._connection.execute(
                "INSERT INTO ring SELECT ? WHERE NOT EXISTS (SELECT 1 FROM ring)", (secrets.token_hex(4),)
            )
            self._process = os.getpid()
        return self._connection


def trim(database):
    """Let each share keep its newest records, as many as fit when all shares get the same room."""
    counts = [count for (count,) in database.execute("SELECT count(*) FROM flight GROUP BY share")]
    if sum(counts) > SIZE:
        database.execute(TRIM, (largest_share(counts, SIZE),))


def largest_share(counts, room):
    """How many each may keep: small counts keep all of theirs, the others divide what is left."""
    for done, count in enumerate(sorted(counts)):
        fair = room // (len(counts) - done)
        if count > fair:
            return fair
        room -= count
    return max(counts)


@cache
def ring():
    """This server's ring. Servers with the same database share it, and it outlives their restarts."""
    return Ring(file_for(settings.DATABASES["default"]))


def file_for(database):
    """Beside the SQLite database, so that it goes where that goes; for another database, in the tree."""
    name = str(database["NAME"])
    if database["ENGINE"].endswith("sqlite3") and Path(name).is_absolute():
        return Path(name).with_suffix(".flight.sqlite3")
    which = "/".join(str(database.get(key, "")) for key in ("HOST", "PORT", "NAME"))
    return settings.BASE_DIR / f".{sha256(which.encode()).hexdigest()[:12]}.flight.sqlite3"
