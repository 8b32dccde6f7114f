"""The log as lines of JSON, one for each event, for programs that search and count."""

import json
import logging
import re
from datetime import UTC, datetime

# A JSON Web Token. Its first part begins with {", and that is ey.
TOKEN = re.compile(r"\bey[\w-]{8,}\.[\w-]{8,}\.[\w-]*")


def shown(text, record):
    return TOKEN.sub("<token>", text) if record.name.startswith("django.security") else text


class JsonFormatter(logging.Formatter):
    """Time, level, logger and message, what `extra={"fields": {...}}` adds, and the traceback of an exception.

    Django's security messages quote the Referer and the Host that they refuse, and so does the traceback of a refused Host.
    A token that was in there is not repeated.
    """

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": shown(record.getMessage(), record),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = shown(self.formatException(record.exc_info), record)
        return json.dumps(line)
