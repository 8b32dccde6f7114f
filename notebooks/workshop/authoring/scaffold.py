"""`new`: a step in full form whose checks honestly fail, ready to be filled in."""

import json
import re
from pathlib import Path
from typing import Any

from .. import paths
from ..errors import WorkshopError
from ..learner import manifest

NOT_WRITTEN = "This is not written yet"  # in every file that `make new` makes, until its author writes it
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
STEM = re.compile(r"\d\d_[a-z][a-z0-9_]*")


def scaffold(stem: str) -> list[Path]:
    """Write the lesson, the notebook and the solution folder of a new step. Never writes over a file."""
    if not STEM.fullmatch(stem):
        raise WorkshopError(f"{stem!r} cannot name a step. Two digits and a name, like this: STEP=13_my_step")
    taken = [step.stem for step in manifest.steps() if step.stem[:2] == stem[:2]]
    if taken:
        raise WorkshopError(f"Number {stem[:2]} is taken by {taken[0]}. Choose another number.")
    text = json.dumps(first_notebook(stem), indent=1, ensure_ascii=False) + "\n"
    notebook = {paths.NOTEBOOKS / f"{stem}.ipynb": text}
    wanted = files(stem) | notebook
    for path in filter(Path.exists, wanted):
        raise WorkshopError(f"{paths.shown(path)} exists already. Move it away, or choose another name.")
    return [write(path, text) for path, text in wanted.items()]


def unwritten(path: Path) -> list[Path]:
    """The files at or under the path that still hold what `make new` put there."""
    files = [file for file in sorted(path.rglob("*")) if file.is_file()] if path.is_dir() else [path]
    return [file for file in files if NOT_WRITTEN.encode() in file.read_bytes()]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def words(stem: str) -> dict[str, str]:
    """What the templates below are filled with."""
    number, _, name = stem.partition("_")
    title = name.replace("_", " ").capitalize()
    module = f"client/{name}.py"
    return {"stem": stem, "number": number, "title": title, "module": module, "todo": NOT_WRITTEN}


def files(stem: str) -> dict[Path, str]:
    folder, fill = paths.SOLUTIONS / stem, words(stem)
    return {
        folder / "step.toml": STEP_TOML.format(**fill),
        folder / "checks.py": CHECKS.format(**fill),
        folder / "start" / fill["module"]: STUB.format(**fill),
        folder / "answer" / fill["module"]: STUB.format(**fill),
        folder / "README.md": README.format(**fill),
        paths.LESSONS / f"{stem}.md": LESSON.format(**fill),
    }


def first_notebook(stem: str) -> dict[str, Any]:
    """The form that every notebook has: title, guess, run, compare, one change, check, and what you have now."""
    fill = words(stem)
    stub = STUB.format(**fill).rstrip("\n")
    cells = [
        markdown("title", TITLE_CELL.format(**fill)),
        code("open", OPENING_CELL.format(**fill)),
        code("first-guess", 'guess("first", ..., choices=[200, 401])', {"answer": "200"}),
        code("first-run", 'response = requests.get(f"{server.url}/products/")'),
        code("first-compare", 'compare("first", response.status_code)'),
        code("edit", f"%%edit {fill['module']}\n{stub}"),
        code("check", "check()"),
        markdown("end", LAST_CELL.format(**fill)),
    ]
    kinds = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": kinds, "nbformat": 4, "nbformat_minor": 5}


def markdown(name: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def code(name: str, text: str, metadata: dict[str, str] | None = None) -> dict[str, Any]:
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": metadata or {},
        "outputs": [],
    }
    return cell | {"source": text.splitlines(keepends=True)}


TITLE_CELL = """\
# {number} · {title}

{todo}.

**Minutes:** 20. **Lesson:** [lessons/{stem}.md](../lessons/{stem}.md)

Afterwards you can:

- the first thing a learner can do;
- the second one.
"""

OPENING_CELL = """\
import requests

from workshop.notebook import check, compare, guess, open_step

server = open_step("{stem}")"""

LAST_CELL = """\
## What you have now

One sentence.

Three questions. Answer them without looking back:

1. The first?
2. The second?
3. The third?

**Next:** the next step.
"""

STEP_TOML = """\
# {todo}.
title = "{title}"
minutes = 20
edits = ["{module}"]
hints = [
  "Where to look.",
  "What to change.",
  "Nearly the line.",
]

# At least three wrong answers, each a belief that people really hold. wrong/<name>.patch makes it from the answer.
# [[wrong]]
# name = "the_belief_in_a_few_words"
# belief = "What somebody who writes this believes."
# why = "Why it is not so."
# caught_by = ["test_public_products_answer"]
# says = "words that the failing check shows for this belief"

# At least four right answers of another style. right/<name>.patch makes it from the answer.
# [[right]]
# name = "the_style_in_a_few_words"
# style = "What is different about it."

# Every sentence of a stub's docstrings, and every rule of the lesson.
# [[promise]]
# says = "The response to GET /products/."
# check = "test_public_products_answer"
"""

CHECKS = '''\
"""What step {number} asks. {todo}."""

from workshop.expect import answer, expect

FILE = "{module}"


def test_public_products_answer(url, learner):
    response = learner(FILE).products(url)
    means = "The endpoint is public: call it without a header."
    expect(answer(response), (200, None), sent="GET /products/", means=means, see="{number}, section 1")
'''

STUB = '''\
"""Step {number}: {title}. {todo}."""


def products(base_url: str):
    """The response to GET /products/."""
    raise NotImplementedError("step {number}: call the endpoint")
'''

README = """\
# {number} · {title}: the answer

Lesson: [lessons/{stem}.md](../../lessons/{stem}.md). Solved notebook: [notebook.ipynb](notebook.ipynb).
The answer's files: [answer](answer).

## The change

<!-- generated: diff -->
<!-- end of generated: diff -->

## Why

{todo}.

## What else is right

## Wrong answers

<!-- generated: wrong answers -->
<!-- end of generated: wrong answers -->
"""

LESSON = """\
# {number} · {title}

**Minutes:** 20. **Notebook:** [notebooks/{stem}.ipynb](../notebooks/{stem}.ipynb)

{todo}.

## 1. The first question?
"""
