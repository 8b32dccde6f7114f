"""A lesson's Markdown in parts: its fenced blocks, and the directives in its comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .lesson_error import LessonError

BOLD_PATH = re.compile(r"\*\*`([^`\s]+)`\*\*")
DIRECTIVE = re.compile(r"<!--\s*(server|restart|wait|user|not tested)\s*(?::(.*?))?-->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block. `line` is that of the first line inside it; `path` the file named in bold above it."""

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

    line: int
    name: str
    argument: str


def parts(text: str) -> Iterator[Block | Directive]:
    """The blocks and directives of a lesson, in order."""
    lines = text.splitlines()
    path = None
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence":
            yield block(token, lines, path)
        elif token.type == "html_block":
            yield from directives(token.content, token.map[0] + 1)
        elif token.type == "inline":
            comments = [child.content for child in token.children if child.type == "html_inline"]
            yield from directives("".join(comments), token.map[0] + 1)
        if token.type != "paragraph_close":
            path = named_in(token)


def block(token: Token, lines: list[str], path: str | None) -> Block:
    line, last = token.map[0] + 1, lines[token.map[1] - 1]
    if token.map[1] - token.map[0] < 2 or not last.lstrip(" \t>").startswith(token.markup):
        raise LessonError("this fence is never closed, so the block cannot be tested.", line)
    language = token.info.strip().partition(" ")[0]
    return Block(line + 1, language, [each.rstrip() for each in token.content.splitlines()], path)


def directives(text: str, line: int) -> Iterator[Directive]:
    for found in DIRECTIVE.finditer(text):
        yield Directive(line + text.count("\n", 0, found.start()), found[1], (found[2] or "").strip())


def named_in(token: Token) -> str | None:
    """The file that a line in bold code names for the block below it."""
    last = token.content.rpartition("\n")[2].strip() if token.type == "inline" else ""
    found = BOLD_PATH.fullmatch(last)
    return found[1] if found else None
