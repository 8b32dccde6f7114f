"""Where sessions are kept."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own, in the database. A cookie that cannot be a session's key is not looked up: PostgreSQL fails on a NUL."""

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
