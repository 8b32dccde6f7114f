"""What a step promises a learner, sentence by sentence: rule 7 asks for a check behind each."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from .manifest import Step

ITEM = re.compile(r"^(- |`[^`]+`  )")  # a line that begins an entry of a list
ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*])")  # between two sentences
Definition = ast.FunctionDef | ast.ClassDef


def sentences(docstring: str) -> list[str]:
    """The sentences of a docstring, each on one line. An entry of a list is at least one."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", docstring):
        entries: list[list[str]] = [[]]
        for line in filter(None, map(str.strip, paragraph.splitlines())):
            if ITEM.match(line):
                entries.append([])
            entries[-1].append(line.removeprefix("- "))
        found += [part for entry in entries if entry for part in ENDS.split(one_line(" ".join(entry)))]
    return found


def one_line(text: str) -> str:
    return " ".join(text.split())


def promised(step: Step) -> list[str]:
    """Every sentence the stubs promise: what their functions and classes say, and the lists a file begins with.

    A function that the answer leaves as it is comes ready to use: it asks nothing of the learner.
    """
    found = []
    for path in sorted((step.folder / "start").rglob("*.py")):
        stub = ast.parse(path.read_text(encoding="utf-8"))
        answer = step.folder / "answer" / path.relative_to(step.folder / "start")
        found += sentences(listed(ast.get_docstring(stub) or ""))
        for definition in asked(stub, ready_in(answer)):
            found += sentences(ast.get_docstring(definition) or "")
    return found


def listed(docstring: str) -> str:
    """The lists of a file's docstring: its other sentences say what the file is about."""
    paragraphs = re.split(r"\n\s*\n", docstring)
    return "\n\n".join(paragraph for paragraph in paragraphs if ITEM.match(paragraph.strip()))


def ready_in(answer: Path) -> set[str]:
    """The functions of the answer, as text, to compare with."""
    tree = ast.parse(answer.read_text(encoding="utf-8")) if answer.exists() else ast.Module([], [])
    return {ast.dump(node) for node in definitions(tree) if isinstance(node, ast.FunctionDef)}


def asked(stub: ast.Module, ready: set[str]) -> Iterator[Definition]:
    """What the learner has to write: every class and function that the answer does not hold word for word."""
    for node in definitions(stub):
        if ast.dump(node) not in ready:
            yield node


def definitions(tree: ast.AST) -> list[Definition]:
    return [node for node in ast.walk(tree) if isinstance(node, Definition)]


def readable(step: Step) -> str:
    """Everything a learner reads of the step, on one line: a promise is to be quoted from here."""
    stubs = [ast.parse(path.read_text(encoding="utf-8")) for path in (step.folder / "start").rglob("*.py")]
    said = [ast.get_docstring(node) or "" for tree in stubs for node in [tree, *definitions(tree)]]
    lesson = step.lesson.read_text(encoding="utf-8") if step.lesson.exists() else ""
    return one_line(" ".join([*said, lesson]))
