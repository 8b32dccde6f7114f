"""The reading site: lessons, solutions and solved notebooks as web pages, from the Markdown as it is."""

import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .. import paths
from ..errors import WorkshopError
from ..learner import manifest
from ..learner.manifest import Step
from . import slides
from .links import ELSEWHERE

SETTINGS = Path(__file__).with_name("site")
MERMAID = paths.ROOT / "node_modules/mermaid/dist/mermaid.min.js"
LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
FENCE = re.compile(r"^(```.*?^```[^\n]*$)", re.M | re.S)
UNDER_DETAILS = re.compile(r"<(details)>")
LANGUAGES = {
    ".py": "python",
    ".toml": "toml",
    ".patch": "diff",
    ".ipynb": "json",
    ".http": "http",
    ".json": "json",
}
PICTURES = (".png", ".gif")
CODE = (".py", ".toml", ".patch")  # what a folder shows


def build_pages(out: Path, *, tab: str = "") -> Path:
    """Write the site into the folder `out`, which is made anew. Gives that folder.

    `tab` is where the notebooks run in a browser tab, seen from the top of the site, such as `lab/`: each lesson and
    each notebook then has a button to it. A link that leads nowhere is a `WorkshopError`.
    """
    if not MERMAID.exists():
        raise WorkshopError(
            "The site needs mermaid, which draws its diagrams, and it is not installed: run npm ci."
        )
    with tempfile.TemporaryDirectory() as folder:
        docs = Path(folder) / "docs"
        lay_out(docs, tab)
        write_settings(Path(folder), docs)
        made = run_zensical(Path(folder))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)
    return out


def lay_out(docs: Path, tab: str) -> None:
    """Write each page where its file is in the clone, so that the links between them stay as they are."""
    docs.mkdir()
    shutil.copy(MERMAID, docs)
    shutil.copy(SETTINGS / "site.css", docs)
    shutil.copytree(paths.LESSONS / "images", docs / "lessons/images")
    waiting = [paths.ROOT / name for name in sources()]
    done: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file in done:
            continue
        done.add(file)
        page = docs / page_of(file)
        page.parent.mkdir(parents=True, exist_ok=True)
        text, linked = with_links(text_of(file), file)
        page.write_text(with_button(text, file, tab), encoding="utf-8")
        waiting += linked
    write_slides(docs / "slides")


def write_slides(folder: Path) -> None:
    """The slides of every lesson and the handout, and a page that leads to them."""
    titles = {step.stem: f"{step.number} · {step.title}" for step in manifest.steps()}
    links = [f"- [{titles.get(file.stem, 'Handout')}]({file.name})" for file in slides.make(folder)]
    text = "# Slides\n\nOne page for each lesson, to show full screen, and a handout to print.\n\n"
    (folder / "README.md").write_text(text + "\n".join(links) + "\n", encoding="utf-8")


def sources() -> Iterator[str]:
    """The files that a reader begins at; what they lead to becomes a page as well."""
    yield from ("README.md", "lessons/README.md", ".github/CONTRIBUTING.md", "LICENSE")
    yield from further()
    for step in manifest.steps():
        yield from (f"lessons/{step.stem}.md", f"solutions/{step.stem}/README.md")
        yield from map(paths.shown, solved(step))


def further() -> list[str]:
    """The lessons that belong to no step: the glossary, the cheat sheet and so on."""
    names = sorted(path.name for path in paths.LESSONS.glob("[a-z]*.md"))
    return [f"lessons/{name}" for name in names]


def solved(step: Step) -> dict[Path, Path]:
    """The solved notebooks that a step has, and the notebook that each one solves."""
    return {done: notebook for notebook, done in step.solved_notebooks.items() if done.exists()}


def page_of(file: Path) -> Path:
    """The page for a file or a folder of the clone. No part begins with a dot: such pages would be left out."""
    name = file.relative_to(paths.ROOT).as_posix().replace(".github", "github").lstrip(".")
    if file.is_dir():
        return Path(name) / "README.md"
    return Path(name if file.suffix == ".md" else f"{name}.md")


def text_of(file: Path) -> str:
    """What a page says: Markdown as it is, a notebook with its outputs, any other file or folder as text."""
    if file.is_dir():
        return folder_text(file)
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        return text
    if file.suffix == ".ipynb":
        return notebook_text(json.loads(text))
    return f"# {paths.shown(file)}\n\n{fenced(file)}\n"


def folder_text(folder: Path) -> str:
    """The code in a folder, file by file; of a step's answers, with the folders below."""
    within = folder.rglob if folder.is_relative_to(paths.SOLUTIONS) else folder.glob
    files = sorted(path for path in within("*") if path.suffix in CODE)
    parts = [f"## {path.relative_to(folder).as_posix()}\n\n{fenced(path)}\n" for path in files]
    return f"# {paths.shown(folder)}\n\n" + "\n".join(parts)


def fenced(file: Path) -> str:
    text = file.read_text(encoding="utf-8").rstrip()
    return f"````{LANGUAGES.get(file.suffix, 'text')}\n{text}\n````"


def notebook_text(notebook: dict) -> str:
    """A notebook's cells, and under each what it showed, as text."""
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else f"````python\n{source}\n````")
        parts += [f"````text\n{shown}\n````" for shown in map(output_text, cell.get("outputs", [])) if shown]
    return "\n\n".join(parts) + "\n"


def output_text(output: dict) -> str:
    found = output.get("text") or output.get("data", {}).get("text/plain") or output.get("traceback", [])
    return "".join(found).rstrip()


def with_links(text: str, file: Path) -> tuple[str, list[Path]]:
    """The text with its links led to the pages, and the files of the clone that they lead to."""
    linked: list[Path] = []
    # A solved notebook has the prose of the learner's, and so its links.
    base = paths.NOTEBOOKS if file.suffix == ".ipynb" else file.parent

    def led(match: re.Match) -> str:
        before, target, anchor, after = match.groups()
        there = (base / target).resolve()
        if ELSEWHERE.match(target) or there.suffix in PICTURES:
            return match[0]
        if not there.exists():
            raise WorkshopError(
                f"{paths.shown(file)}: the link {target} leads nowhere: there is no {paths.shown(there)}."
            )
        if (there / "README.md").exists():
            there /= "README.md"
        linked.append(there)
        address = posixpath.relpath(page_of(there).as_posix(), page_of(file).parent.as_posix())
        return f"{before}{address}{anchor or ''}{after}"

    # Prose only: what is between fences is code. Markdown inside <details> is read when the tag says so.
    parts = FENCE.split(text)
    parts[::2] = [UNDER_DETAILS.sub(r'<\1 markdown="1">', LINK.sub(led, part)) for part in parts[::2]]
    return "".join(parts), linked


TRY = """\
<a class="md-button md-button--primary" href="try/">Try it now</a>
<a class="md-button" href="{address}">Run the first step</a>

Both run in this tab, with nothing to install: the shop's server and the page that shows its tokens, and a notebook in which your
own code is checked. On a machine of your own you have more:"""


def with_button(text: str, file: Path, tab: str) -> str:
    """The page with what `under_title` gives, under its title."""
    title, _, rest = text.partition("\n")
    added = under_title(file, tab) if tab else ""
    return f"{title}\n\n{added}\n{rest}" if added else text


def under_title(file: Path, tab: str) -> str:
    """On the start page, buttons to what runs in a tab; on each page of a step those to its notebooks there, or the reason why
    a tab cannot run it. Nothing on others."""
    lab = f"{'../' * (len(page_of(file).parts) - 1)}{tab}notebooks/index.html?path="
    if file == paths.ROOT / "README.md":
        return TRY.format(address=f"{lab}{manifest.steps()[0].notebook.name}")
    for step in manifest.steps():
        runs = dict.fromkeys((step.lesson, step.folder / "README.md"), step.notebooks)
        runs |= {page: [notebook] for page, notebook in solved(step).items()}
        runs |= {notebook: [notebook] for notebook in step.notebooks}
        if file in runs and step.own_machine:
            return f"*{step.own_machine} Run this step on a machine of your own.*"
        if file in runs:
            return "\n".join(button(f"{lab}{notebook.name}", part_of(notebook)) for notebook in runs[file])
    return ""


def button(address: str, part: str) -> str:
    return f'<a class="md-button" href="{address}">Run this step{part and f", part {part}"}</a>'


def part_of(notebook: Path) -> str:
    """`b` for the second of a step's two notebooks; nothing where there is one."""
    return notebook.stem.partition("_")[0].lstrip("0123456789")


def navigation() -> list:
    """The order of the pages, for the menu and for *previous* and *next*."""
    steps = manifest.steps()
    lessons = [{f"{step.number} · {step.title}": f"lessons/{step.stem}.md"} for step in steps]
    answers = [
        {
            f"{step.number} · {step.title}": [
                {"Answer": f"solutions/{step.stem}/README.md"},
                *(
                    {f"Solved {done.stem.replace('_', ' ')}": page_of(done).as_posix()}
                    for done in solved(step)
                ),
            ]
        }
        for step in steps
    ]
    return [
        {"Start": "README.md"},
        {"Lessons": [{"The path": "lessons/README.md"}, *lessons]},
        {"Look it up": further()},
        {"Answers": answers},
        {"Slides": "slides/README.md"},
    ]


def write_settings(folder: Path, docs: Path) -> None:
    """The settings of this build: ours, the places, and the order of the pages. An inline TOML list is written as JSON is."""
    order = re.sub(r'(\{"(?:[^"\\]|\\.)*"): ', r"\1 = ", json.dumps(navigation(), ensure_ascii=False))
    places = f'docs_dir = "{docs.name}"\nsite_dir = "site"\nnav = {order}\n'
    text = (SETTINGS / "zensical.toml").read_text(encoding="utf-8")
    (folder / "zensical.toml").write_text(
        text.replace("[project]\n", f"[project]\n{places}", 1), encoding="utf-8"
    )


def run_zensical(folder: Path) -> Path:
    command = [sys.executable, "-m", "zensical", "build", "--clean"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"}
    )
    if done.returncode or not (folder / "site/index.html").exists():
        said = (done.stderr or done.stdout).strip()[-1500:]
        raise WorkshopError(f"zensical could not build the pages. It says:\n{said}")
    return folder / "site"
