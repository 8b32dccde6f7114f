"""What a lesson shows (files, HTTP exchanges, console sessions, Python), tried against the real thing, one by one."""

from .lesson import Lesson
from .lesson_error import LessonError

__all__ = ["Lesson", "LessonError"]
