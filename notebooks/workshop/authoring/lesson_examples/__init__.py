"""Runs what a lesson shows (files, HTTP exchanges, console sessions, Python) against the real thing.

`run(path)` returns when all of it is true, and raises `LessonError` with file and line when something is not.
"""

from .lesson import run
from .lesson_error import LessonError

__all__ = ["LessonError", "run"]
