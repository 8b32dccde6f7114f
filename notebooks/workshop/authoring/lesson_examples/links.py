"""Links from one file of the clone to another: they must lead somewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from .blocks import FENCED, line_at

LINK = re.compile(
    r"""\]\(<?(?P<inline>[^)\s>]+)|^\[[^\]]+\]:\s*(?P<reference>\S+)|(?:href|src)="(?P<html>[^"]+)\"""",
    re.MULTILINE,
)
HEADING = re.compile(r"^#{1,6}[ \t]+(?P<text>.+?)[ \t]*#*$", re.MULTILINE)
NAMED = re.compile(r"""<\w+ (?:id|name)="([^"]+)\"""")
ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:|//")


def broken(path: Path, clone: Path) -> list[str]:
    """A sentence with file and line for each link of a Markdown file that leads nowhere."""
    text = prose(path.read_text(encoding="utf-8"))
    name = path.relative_to(clone).as_posix()
    return [
        f"{name}:{line_at(text, position)}: the link {target} leads nowhere: {why}."
        for target, position in links(text)
        if (why := fault(path, target, clone))
    ]


def links(text: str) -> Iterator[tuple[str, int]]:
    """The links that stay inside the clone."""
    for found in LINK.finditer(text):
        target = found["inline"] or found["reference"] or found["html"]
        if not ELSEWHERE.match(target):
            yield target, found.start()


def fault(path: Path, target: str, clone: Path) -> str | None:
    """Why the link leads nowhere; None when it leads somewhere."""
    file, _, anchor = unquote(target).partition("#")
    there = (path.parent / file).resolve() if file else path.resolve()
    if not there.is_relative_to(clone.resolve()):
        return "it leaves the repository"
    if not there.exists():
        return f"there is no {file}"
    if anchor and (there.suffix != ".md" or anchor not in anchors(there.read_text(encoding="utf-8"))):
        return f"{there.name} has no heading #{anchor}"
    return None


def anchors(text: str) -> set[str]:
    """The names GitHub gives to the headings, and those given by hand."""
    text = FENCED.sub("", text)
    seen: Counter[str] = Counter()
    names = set(NAMED.findall(text))
    for heading in HEADING.finditer(text):
        name = slug(heading["text"])
        names.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return names


def slug(heading: str) -> str:
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")


def prose(text: str) -> str:
    """The text with code blanked out, every line in its place."""
    for code in (FENCED, re.compile(r"(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")):
        text = code.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text
