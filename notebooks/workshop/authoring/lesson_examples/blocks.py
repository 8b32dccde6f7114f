"""A lesson's Markdown in parts: its fenced blocks, and the directives in its comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .lesson_error import LessonError

# Not the lexer that comes with sybil: that one removes the common indentation, and here indentation counts.
FENCED = re.compile(
    r"^(?P<prefix>[ \t>]*)(?P<fence>`{3,}|~{3,}) *(?P<language>[^\s`]*)[^`\n]*\n"
    r"(?P<text>(?:.*\n)*?)"
    r"(?P=prefix)(?P=fence)[`~]*[ \t]*$",
    re.MULTILINE,
)
LOOSE_FENCE = re.compile(r"^[^\w\n]*(?:`{3}|~{3})[^`\n]*$", re.MULTILINE)
BOLD_PATH = re.compile(r"^[ \t>]*\*\*`(?P<path>[^`\s]+)`\*\*[ \t]*\n(?:[ \t>]*\n)*\Z", re.MULTILINE)
DIRECTIVE = re.compile(
    r"<!--\s*(?P<name>server|restart|wait|user|not tested)\s*(?::(?P<argument>.*?))?-->", re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A fenced block. `line` is that of the first line inside it; `path` the file named in bold above it."""

    start: int
    end: int
    line: int
    language: str
    lines: list[str]
    path: str | None

    @property
    def first(self) -> str:
        return self.lines[0] if self.lines else ""


@dataclass(frozen=True)
class Directive:
    """A comment such as `<!-- user: ada -->`."""

    start: int
    end: int
    line: int
    name: str
    argument: str


def parts(text: str) -> list[Block | Directive]:
    """The blocks and directives of a lesson, in order."""
    blocks = [block(found, text) for found in FENCED.finditer(text)]
    outside = without(blocks, text)
    if loose := LOOSE_FENCE.search(outside):
        raise LessonError(
            "this fence belongs to no block that can be tested: close it, and begin it on its own line.",
            line_at(text, loose.start()),
        )
    return sorted([*blocks, *directives(outside)], key=lambda part: part.start)


def block(found: re.Match[str], text: str) -> Block:
    named = BOLD_PATH.search(text[: found.start()])
    return Block(
        start=found.start(),
        end=found.end(),
        line=line_at(text, found.start()) + 1,
        language=found["language"],
        lines=[line[len(found["prefix"]) :].rstrip() for line in found["text"].splitlines()],
        path=named["path"] if named else None,
    )


def directives(text: str) -> Iterator[Directive]:
    for found in DIRECTIVE.finditer(text):
        argument = (found["argument"] or "").strip()
        yield Directive(found.start(), found.end(), line_at(text, found.start()), found["name"], argument)


def without(blocks: list[Block], text: str) -> str:
    """The text with every block blanked out: all else keeps its place and its line."""
    for one in blocks:
        blank = re.sub(r"[^\n]", " ", text[one.start : one.end])
        text = text[: one.start] + blank + text[one.end :]
    return text


def line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
