"""Take out of outputs what changes from run to run; the same value always gets the same number."""

import re
from collections.abc import Iterator
from typing import Any

import nbformat

from ..display.drawing import kept
from ..expect import ENCODED_TOKEN
from ..servers.traceback_text import without_colour

# In this order: a later pattern never sees what an earlier one replaced.
KINDS = {
    "token": ENCODED_TOKEN,
    "id": re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"),
    "time": re.compile(
        r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"
        r"|\b(?:1[6-9]|2[01])\d{8}\b|\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|\b\d{8}-\d{6}\b"
    ),
}
PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+")
PLAIN = {
    re.compile(r"\(in \d+ s\)"): "(in <seconds> s)",
    re.compile(r"\(\d+ s ago\)"): "(<seconds> s ago)",
    re.compile(r"(?<= s\)) {3,}|(?<= s ago\)) {3,}"): "  ",  # how wide a column is depends on the number
    re.compile(r"\b\d+\.\d+ s\b"): "<seconds> s",
    re.compile(r"CPython/[\d.]+"): "CPython/<version>",
    re.compile(r"0x[0-9a-f]{6,}"): "0x…",
}


class Normal:
    """One document's numbering: `<token 1>` is the same token everywhere in that document.

    Times are numbered within one output only: whether two logins fell into the same second is chance.
    """

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, int]] = {kind: {} for kind in (*KINDS, "port")}

    def output(self, output: dict[str, Any]) -> dict[str, Any]:
        """One output of a cell, normalised."""
        self.seen["time"] = {}
        return self.anything(kept(output))

    def text(self, text: str) -> str:
        text = PORT.sub(lambda found: self.port(found[0]), without_colour(text))
        for kind, pattern in KINDS.items():
            text = pattern.sub(lambda found, kind=kind: self.number(kind, found[0]), text)
        for pattern, word in PLAIN.items():
            text = pattern.sub(word, text)
        return text

    def number(self, kind: str, value: str) -> str:
        known = self.seen[kind]
        return f"<{kind} {known.setdefault(value, len(known) + 1)}>"

    def port(self, value: str) -> str:
        """The first server of a document is shown at 8000, the next at 8001."""
        known = self.seen["port"]
        return str(8000 + known.setdefault(value, len(known)))

    def anything(self, value: Any) -> Any:
        """The same for every text in a list or dict."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.anything(item) for item in value]
        if isinstance(value, dict):
            return {
                key: self.anything(item) if key != "text/html" else self.html(item)
                for key, item in value.items()
            }
        return value

    def html(self, text: str) -> str:
        """A placeholder in HTML must not be read as an element."""
        return re.sub(r"<((?:token|id|time) \d+|seconds|version)>", r"&lt;\1&gt;", self.text(text))


def dumped(notebook: nbformat.NotebookNode) -> str:
    """The notebook as text, its outputs normalised and its metadata the same on every machine."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    normal = Normal()
    for cell in outputs_of(notebook):
        cell.outputs = [nbformat.from_dict(normal.output(dict(output))) for output in cell.outputs]
    return nbformat.writes(notebook, indent=1) + "\n"


KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def outputs_of(notebook: nbformat.NotebookNode) -> Iterator[nbformat.NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")
