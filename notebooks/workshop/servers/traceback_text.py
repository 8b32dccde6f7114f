"""Turn a server's own traceback into one sentence about the learner's line."""

import re
from pathlib import Path

from .. import paths

COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
EXCEPTION = re.compile(
    r"^(?:[\w.]+\.)?(?P<kind>\w*(?:Error|Exception|Improperly\w+|Warning|Exit|Exist|Found|Ready))(?:: ?(?P<said>.*))?$",
    re.M,
)


def explain(text: str, tree: Path, headline: str) -> str:
    """`headline`, the last exception in `text`, and the last line of it that lies in the tree.

    A text without an exception (a refusal that is a sentence already) is given whole, shortened.
    """
    text = without_colour(text)  # a kernel asks for colours, and from Python 3.13 on tracebacks have them
    exceptions = list(EXCEPTION.finditer(text))
    if not exceptions:
        return f"{headline}: {text.strip()[-800:] or 'it ended without a word. Does one of its files call exit()?'}"
    last = exceptions[-1]
    message = text[last.end("kind") + 1 : end_of_message(text, last)]
    lines = dict.fromkeys(line.strip() for line in message.splitlines())  # gunicorn says it once more
    said = " ".join(" ".join(lines).split())[:600]
    return f"{headline}. {last['kind']}: {said}{place(text, tree)}"


def without_colour(text: str) -> str:
    return COLOUR.sub("", text)


def end_of_message(text: str, last: re.Match) -> int:
    """Where the message of the last exception ends: at its line's end in a log, later where it has more lines."""
    if last["kind"] == "SystemCheckError":
        return len(text)
    ends = [text.find(mark, last.end("kind")) for mark in ("\n\n", "\n[")]
    return min([len(text), *(end for end in ends if end > 0)])


def place(text: str, tree: Path) -> str:
    """Where to look: the learner's file, its line number and the line itself."""
    own = [
        (Path(file), int(line))
        for file, line in FRAME.findall(text)
        if Path(file).is_relative_to(tree.resolve())
    ]
    own = [(file, line) for file, line in own if file.name != "manage.py"]
    if not own:
        return ""
    file, line = own[-1]
    source = (
        file.read_text(encoding="utf-8", errors="replace").splitlines()[line - 1 : line]
        if file.exists()
        else []
    )
    quoted = f"\n    {source[0].strip()}" if source else ""
    return f"\n  in {named(tree, file)}, line {line}:{quoted}\nCorrect that line, then run this again."


def named(tree: Path, file: str | Path) -> str:
    """A file of a tree as the learner knows it: every tree is some copy of `work/`, but the server as it comes."""
    tree = tree.resolve()
    whole = tree.parent if tree.name == paths.OWN_PROJECT else tree
    relative = Path(file).resolve().relative_to(whole).as_posix()
    return f"{'server' if whole == paths.SERVER else 'work'}/{relative}"
