"""Moves the clock of every Python process that finds this file on PYTHONPATH: a notebook's kernel and its servers.

The file named in SHIFTED_CLOCK holds the seconds to add to the real time. Only tests use it.
"""

import datetime
import os
import time
from pathlib import Path

CLOCK = Path(os.environ["SHIFTED_CLOCK"])
REAL_TIME, REAL_DATETIME = time.time, datetime.datetime


def shift() -> int:
    return int(CLOCK.read_text() or 0)


class ShiftedTime:
    """An object, because as the attribute of a class a function would become its method: `timer = time.time` in a throttle."""

    def __call__(self) -> float:
        return REAL_TIME() + shift()


class AnyDatetime(type):
    """Real and shifted datetimes are one type for `isinstance`: C code makes the real one."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, REAL_DATETIME)

    def __subclasscheck__(cls, kind: type) -> bool:
        return issubclass(kind, REAL_DATETIME)


class ShiftedDatetime(REAL_DATETIME, metaclass=AnyDatetime):
    """`now`, `utcnow` and `today` read the shifted clock. They give real datetimes, which any library can store."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return REAL_DATETIME.now(tz) + datetime.timedelta(seconds=shift())

    @classmethod
    def utcnow(cls) -> datetime.datetime:
        return REAL_DATETIME.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(seconds=shift())

    today = now


time.time = ShiftedTime()
datetime.datetime = ShiftedDatetime
