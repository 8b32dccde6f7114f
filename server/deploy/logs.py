"""The log as lines of JSON, one for each event, for programs that search and count."""

import json
import logging
import re
from datetime import UTC, datetime

TOKEN = re.compile(
    r"\bey[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
)  # the first part of each begins with {", and that is ey


class JsonFormatter(logging.Formatter):
    """Time, level, logger and message, what `extra={"fields": {...}}` adds, and the traceback of an exception.

    No token is in it: Django's own messages quote the Referer and the Host that they refuse, and a token may be in both.
    """

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return TOKEN.sub("<token>", json.dumps(line))
