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
CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);
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

    def add(self, record):
        """Keep the record, and forget the oldest when there are too many."""
        text = json.dumps(record, ensure_ascii=False)
        with self._lock:
            database = self._connect()
            added = database.execute("INSERT INTO record (data) VALUES (?)", (text,)).lastrowid
            if added % TRIM_EVERY == 0:
                database.execute("DELETE FROM record WHERE id <= ?", (added - SIZE,))
        with self.news:
            self.news.notify_all()

    def after(self, last):
        """The records with a higher id, oldest first, as `(id, JSON text)`; at most SIZE of them."""
        newest = "SELECT id, data FROM record WHERE id > ? ORDER BY id DESC LIMIT ?"
        with self._lock:
            return self._connect().execute(newest, (last, SIZE)).fetchall()[::-1]

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
