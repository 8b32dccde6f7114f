"""Links from one file of the clone to another: they must lead somewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

IN_HTML = re.compile(r"""(?:href|src)="([^"]+)\"""")
NAMED = re.compile(r"""<\w+ (?:id|name)="([^"]+)\"""")
ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:|//")


def broken(path: Path, clone: Path) -> list[str]:
    """A sentence with file and line for each link of a Markdown file that leads nowhere."""
    name = path.relative_to(clone).as_posix()
    return [
        f"{name}:{line}: the link {target} leads nowhere: {why}."
        for target, line in links(path.read_text(encoding="utf-8"))
        if not ELSEWHERE.match(target) and (why := fault(path, target, clone))
    ]


def links(text: str) -> Iterator[tuple[str, int]]:
    """Every link, with the line its paragraph begins at; also those that are only defined."""
    read: dict = {}
    for token in MarkdownIt("commonmark").parse(text, read):
        for each in [token, *(token.children or [])]:
            yield from ((target, token.map[0] + 1) for target in targets(each))
    yield from ((one["href"], one["map"][0] + 1) for one in read.get("references", {}).values())


def targets(token: Token) -> list[str]:
    if token.type in ("html_block", "html_inline"):
        return IN_HTML.findall(token.content)
    return [target for name in ("href", "src") if (target := token.attrGet(name))]


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
    tokens = MarkdownIt("commonmark").parse(text)
    seen: Counter[str] = Counter()
    names = {name for token in tokens if token.type != "fence" for name in NAMED.findall(token.content)}
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open":
            name = slug("".join(child.content for child in heading.children))
            names.add(f"{name}-{seen[name]}" if seen[name] else name)
            seen[name] += 1
    return names


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
