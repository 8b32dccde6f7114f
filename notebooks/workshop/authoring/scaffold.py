"""`new`: a step in full form whose checks honestly fail, ready to be filled in."""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .. import paths
from ..errors import WorkshopError
from ..learner import manifest

STEM = re.compile(r"\d\d_[a-z][a-z0-9_]*")


def scaffold(stem: str) -> list[Path]:
    """Write the lesson, the notebook and the solution folder of a new step. Never writes over a file."""
    if not STEM.fullmatch(stem):
        raise WorkshopError(
            f"{stem!r} cannot name a step. Two digits and a name, like this: STEP=07_rotation"
        )
    taken = [step.stem for step in manifest.steps() if step.stem[:2] == stem[:2]]
    if taken:
        raise WorkshopError(f"Number {stem[:2]} is taken by {taken[0]}. Choose another number.")
    notebook = {paths.NOTEBOOKS / f"{stem}.ipynb": nbformat.writes(first_notebook(stem), indent=1) + "\n"}
    wanted = files(stem) | notebook
    for path in filter(Path.exists, wanted):
        raise WorkshopError(f"{paths.shown(path)} exists already. Move it away, or choose another name.")
    return [write(path, text) for path, text in wanted.items()]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def files(stem: str) -> dict[Path, str]:
    number, _, name = stem.partition("_")
    title, module = name.replace("_", " ").capitalize(), f"client/{name}.py"
    folder = paths.SOLUTIONS / stem
    fill = {"stem": stem, "number": number, "title": title, "module": module, "name": name}
    return {
        folder / "step.toml": STEP_TOML.format(**fill),
        folder / "checks.py": CHECKS.format(**fill),
        folder / "start" / module: STUB.format(**fill),
        folder / "answer" / module: STUB.format(**fill),
        folder / "README.md": README.format(**fill),
        paths.LESSONS / f"{stem}.md": LESSON.format(**fill),
    }


def first_notebook(stem: str) -> nbformat.NotebookNode:
    number, _, name = stem.partition("_")
    title, module = name.replace("_", " ").capitalize(), f"client/{name}.py"
    stub = STUB.format(stem=stem, number=number, title=title, module=module, name=name).rstrip("\n")
    opening = "import requests\n\nfrom workshop.notebook import check, compare, guess, open_step\n\n"
    cells = [
        new_markdown_cell(
            f"# {number} · {title}\n\nOne sentence: what the learner has at the end.", id="title"
        ),
        new_code_cell(f'{opening}server = open_step("{stem}")', id="open"),
        new_code_cell(
            'guess("first", ..., choices=[200, 401])', id="first-guess", metadata={"answer": "200"}
        ),
        new_code_cell('response = requests.get(f"{server.url}/products/")', id="first-run"),
        new_code_cell('compare("first", response.status_code)', id="first-compare"),
        new_code_cell(f"%%edit {module}\n{stub}", id="edit"),
        new_code_cell("check()", id="check"),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


STEP_TOML = """\
title = "{title}"
minutes = 20
edits = ["{module}"]
hints = [
  "Where to look.",
  "What to change.",
  "Nearly the line.",
]

# One entry per wrong answer; its files lie in wrong/<name>/. At least three, each a belief people really hold.
# [[wrong]]
# name = "the_belief_in_a_few_words"
# belief = "What somebody who writes this believes."
# why = "Why it is not so."
# caught_by = ["test_public_products_answer"]
# says = "words that the failing check shows for this belief"
"""

CHECKS = '''\
"""What step {number} asks."""

from workshop.expect import answer, expect

FILE = "{module}"


def test_public_products_answer(url, learner):
    response = learner(FILE).products(url)
    means = "The endpoint is public: call it without a header."
    expect(answer(response), (200, None), sent="GET /products/", means=means, see="{number}, section 1")
'''

STUB = '''\
"""Step {number}: {title}."""


def products(base_url: str):
    """The answer to GET /products/."""
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

## What else is right

## Wrong answers

<!-- generated: wrong answers -->
<!-- end of generated: wrong answers -->
"""

LESSON = """\
# {number} · {title}

**Minutes:** 20. **Notebook:** [notebooks/{stem}.ipynb](../notebooks/{stem}.ipynb)

## 1. The first question?
"""
