"""`make slides`: slides of each lesson and a handout, made from the lessons themselves. Each is one page that loads nothing."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from .. import paths

FOLDER = paths.SCRATCH / "slides"
GUESS = "**Guess first:**"
LONGEST = 16  # lines of a block that the last row can still read
KEPT = ("## Key points", "## What you have now")
HANDOUT = ("cheat_sheet.md",)
LEFT_OUT = re.compile(
    r"<!--.*?-->|<details>.*?</details>|!\[[^\]]*\]\([^)]*\)|^Two questions from .*?$", re.S | re.M
)
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
BLOCKS = re.compile(r"^```.*?^```$|(?:^[^\n]+\n?)+", re.S | re.M)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>
@page {{ size: {paper}; margin: 1.2cm; }}
body {{ margin: 0; font: {size} system-ui, sans-serif; line-height: 1.35; color: #111; background: #fff; }}
section {{ box-sizing: border-box; min-height: {height}; padding: 4vh 6vw; break-after: page; scroll-snap-align: start; }}
html {{ scroll-snap-type: y proximity; }}
h1, h2 {{ margin: 0 0 .5em; line-height: 1.15; text-wrap: balance; }}
pre {{ background: #f2f2f2; padding: .6em .8em; overflow-x: auto; font-size: .8em; white-space: pre-wrap; overflow-wrap: anywhere; }}
code {{ font-family: ui-monospace, monospace; }}
table {{ border-collapse: collapse; font-size: .8em; }} th, td {{ border: 1px solid #999; padding: .25em .5em; text-align: left; }}
@media print {{ section {{ min-height: 0; padding: 0; }} }}
</style></head><body>
{sections}
</body></html>
"""
AS_SLIDES = {"paper": "A4 landscape", "size": "clamp(18px, 2.4vw, 34px)", "height": "100vh"}
AS_HANDOUT = {"paper": "A4", "size": "11pt", "height": "0"}


def make(folder: Path = FOLDER) -> list[Path]:
    """Write the slides of every lesson and the handout. Gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    lessons = sorted(paths.LESSONS.glob("[0-9][0-9]_*.md"))
    pages = {folder / f"{lesson.stem}.html": slides(lesson) for lesson in lessons}
    pages[folder / "handout.html"] = handout(lessons)
    for file, text in pages.items():
        file.write_text(text, encoding="utf-8", newline="\n")
    return list(pages)


def slides(lesson: Path) -> str:
    """The slides of one lesson: its questions, for each section a guess and then what came back, and its key points."""
    title, *sections = in_sections(lesson)
    shown = [first_slide(title)]
    for section in sections:
        if section.startswith(KEPT):
            shown.append(section)
        elif re.match(r"## \d+\. ", section):
            shown.extend(question_and_response(section))
    return page(title.splitlines()[0].removeprefix("# "), shown, AS_SLIDES)


def handout(lessons: list[Path]) -> str:
    """The cheat sheet and the key points of every lesson, to print."""
    points = [
        section.replace("## Key points", f"## {title.splitlines()[0].removeprefix('# ')}", 1)
        for title, *sections in map(in_sections, lessons)
        for section in sections
        if section.startswith("## Key points")
    ]
    sheets = ["\n\n".join(in_sections(paths.LESSONS / name)) for name in HANDOUT]
    return page("Handout", [*map(without_drawings, sheets), "\n\n".join(points)], AS_HANDOUT)


def in_sections(lesson: Path) -> list[str]:
    """The head of a lesson and its `##` sections, without what only a reader or a test needs."""
    text = LINK.sub(r"\1", LEFT_OUT.sub("", lesson.read_text(encoding="utf-8")))
    return [part.strip() for part in re.split(r"^(?=## )", text, flags=re.M)]


def first_slide(head: str) -> str:
    """The title, and the questions that the lesson answers."""
    title = head.splitlines()[0]
    questions = re.search(r"^Questions this lesson answers:\n\n(?:- .*\n?)+", head, re.M)
    return f"{title}\n\n{questions[0] if questions else ''}"


def question_and_response(section: str) -> Iterator[str]:
    """One slide with the guess, one with what the server said to it. A section without a guess gets its beginning."""
    heading, _, rest = section.partition("\n")
    _, guess, after = rest.partition(GUESS)
    if not guess:
        yield f"{heading}\n\n{beginning(rest)}"
        return
    question, _, response = after.partition("\n\n")
    yield f"{heading}\n\n{guess}{question}"
    yield f"{heading}\n\n{beginning(response)}"


def beginning(text: str) -> str:
    """The first blocks of a text that fit on a slide: up to two blocks of code or tables, and one paragraph."""
    kept, code, prose = [], 0, 0
    for block in BLOCKS.findall(without_drawings(text)):
        is_code = block.startswith(("```", "|"))
        code, prose = code + is_code, prose + (not is_code)
        if code > 2 or prose > 1 or GUESS in block:
            break
        kept.append(shortened(block))
    return "\n\n".join(kept)


def shortened(block: str) -> str:
    lines = block.rstrip().splitlines()
    if len(lines) <= LONGEST:
        return "\n".join(lines)
    return "\n".join([*lines[: LONGEST - 1], "...", *(["```"] if block.startswith("```") else [])])


def without_drawings(text: str) -> str:
    """Drawings need a program in the browser. The paragraph "In words" below each one says the same."""
    return re.sub(r"^```mermaid\n.*?^```\n", "", text, flags=re.S | re.M)


def page(title: str, shown: list[str], style: dict[str, str]) -> str:
    render = MarkdownIt("commonmark", {"html": False}).enable("table").render
    sections = "\n".join(f"<section>{render(each)}</section>" for each in shown)
    return PAGE.format(title=html.escape(title), sections=sections, **style)
