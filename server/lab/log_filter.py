"""Log lines without the secrets that people put into an address."""

import re

from lab import shown

REQUEST_LINE = re.compile(r"(\S+) (\S+) (HTTP/[\d.]+)")


def without_secrets(record):
    """Hide what no address of ours holds, and every value after a question mark. Keeps each record."""
    if isinstance(record.args, tuple):
        record.args = tuple(cleaned(value) if isinstance(value, str) else value for value in record.args)
    return True


def cleaned(text):
    """A request line or a path, as far as it may be shown; any other text without quotations and long words."""
    if found := REQUEST_LINE.fullmatch(text):
        return f"{shown.method(found[1])} {address(found[2])} {found[3]}"
    if text.startswith("/"):
        return address(text)
    return shown.sentence(text)


def address(target):
    path, question_mark, query = target.partition("?")
    names = [pair.partition("=")[0] for pair in query.split("&") if pair]
    pairs = "&".join(f"{name}={shown.HIDDEN}" for name in shown.parameters(names))
    # Django's own files have names that are in no pattern.
    return (
        (path if path.startswith(("/static/", "/lab/assets/")) else shown.path(path)) + question_mark + pairs
    )
