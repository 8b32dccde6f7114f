"""Placeholders such as `<access>`: what each may be, and what it was in this lesson."""

import re
from enum import Enum

from ...claims import claims_or_none
from ...expect import ENCODED_TOKEN
from .lesson_error import LessonError

ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
HTTP_DATE = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
LOG_DATE = r"\d\d/[A-Z][a-z]{2}/\d{4} \d\d:\d\d:\d\d"
CLOCK = r"\b\d\d:\d\d:\d\d(?:\.\d+)?\b"
WRITTEN_TIME = f"{HTTP_DATE}|{ISO}|{LOG_DATE}|{CLOCK}"
EPOCH = r"\b\d{10}(?:\.\d+)?\b"
IDENTIFIER = r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b"

KINDS = {
    "access": ENCODED_TOKEN.pattern,
    "refresh": ENCODED_TOKEN.pattern,
    "time": f"{WRITTEN_TIME}|{EPOCH}",
    "id": IDENTIFIER,
    "port": r"\b\d{2,5}\b",
    "seconds": r"\b\d+(?:\.\d+)?",
}
PLACEHOLDER = re.compile(rf"<(?P<kind>{'|'.join(KINDS)})(?: (?P<number>\d+))?>")


class Dots(Enum):
    """What `...` means in what a lesson shows: itself, or what is left out: whole lines, any text, the rest of a list."""

    THEMSELVES = (r"(?!)", "")
    LINES = (r"^[ \t]*\.\.\.[ \t]*\n", r"(?:.*\n)*?")
    TEXT = (r"\.\.\.", r"[\s\S]*?")
    JSON = (r",?(?P<indent>\n *)\.\.\.(?=\n)", r"(?:,?(?:INDENT.*)*?)")


class Placeholders:
    """What the placeholders of one lesson were so far.

    `latest` holds the last value seen of each kind; `numbered` what `<id 1>` and the like are bound to.
    """

    def __init__(self) -> None:
        self.latest: dict[str, str] = {}
        self.numbered: dict[str, str] = {}

    def compare(self, shown: str, real: str, dots: Dots = Dots.THEMSELVES) -> str | None:
        """Remember what the placeholders are and return None; or return why the texts do not match."""
        pattern, placeholders = translated(shown, dots)
        match = re.fullmatch(pattern, real)
        if match is None:
            return "they differ"
        pairs = zip(placeholders, match.groups(), strict=True)
        return next(filter(None, (self._learn(*pair) for pair in pairs)), None)

    def _learn(self, placeholder: re.Match[str], value: str) -> str | None:
        kind, name = placeholder["kind"], placeholder[0]
        if kind in ("access", "refresh") and (real := claims_or_none(value).get("token_type")) != kind:
            return f"{name} is shown where a token of type {real!r} came"
        if placeholder["number"] and self.numbered.setdefault(name, value) != value:
            return f"{name} was another value earlier in this lesson"
        self.latest[kind] = value
        return None

    def fill(self, text: str, line: int | None = None) -> str:
        """The text with what was seen in place of each placeholder; `LessonError` for one not seen yet."""
        return PLACEHOLDER.sub(lambda placeholder: self._value(placeholder, line), text)

    def _value(self, placeholder: re.Match[str], line: int | None) -> str:
        known = self.numbered if placeholder["number"] else self.latest
        try:
            return known[placeholder[0] if placeholder["number"] else placeholder["kind"]]
        except KeyError:
            raise LessonError(
                f"nothing seen so far in this lesson is {placeholder[0]}: "
                "show the exchange it comes from first, or log in silently with <!-- user: ada -->.",
                line,
            ) from None


def translated(shown: str, dots: Dots) -> tuple[str, list[re.Match[str]]]:
    """A regular expression for what is shown, and the placeholder of each of its groups."""
    written, meaning = dots.value
    pattern, placeholders, end = "", [], 0
    for found in re.finditer(f"(?m){PLACEHOLDER.pattern}|{written}", shown):
        pattern += re.escape(shown[end : found.start()])
        indent = found.groupdict().get("indent") or ""
        pattern += f"({KINDS[found['kind']]})" if found["kind"] else meaning.replace("INDENT", indent)
        placeholders += [found] if found["kind"] else []
        end = found.end()
    return pattern + re.escape(shown[end:]), placeholders


def with_placeholders(text: str) -> str:
    """The text with a placeholder for each port, token, time, duration and id that is written out."""
    text = ENCODED_TOKEN.sub(lambda found: f"<{claims_or_none(found[0]).get('token_type', 'token')}>", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:<port>", text)
    text = re.sub(WRITTEN_TIME, "<time>", text)
    text = re.sub(r"\b\d+\.\d+(?=\s?s\b)", "<seconds>", text)
    return re.sub(IDENTIFIER, "<id>", text)


def without_numbers(text: str) -> str:
    """The text fit for a comparison by eye: what may differ is a placeholder, and no token is in it."""
    return PLACEHOLDER.sub(lambda found: f"<{found['kind']}>", with_placeholders(text))
