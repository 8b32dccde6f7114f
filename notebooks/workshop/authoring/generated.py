"""What is made from the steps and kept under git: solution notebooks, and parts of the solutions' READMEs and of lessons."""

import difflib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from .. import paths
from ..errors import WorkshopError
from ..learner import manifest, tree
from ..learner.manifest import Step
from ..learner.work import MARKER
from ..servers.traceback_text import without_colour
from . import exchange_formats, normal, settings_table

EDIT = "%%edit "
LESSON_PARTS = exchange_formats.LESSON_PARTS | {settings_table.NAME: settings_table.table}
BEGIN, END = "<!-- generated: {name} -->", "<!-- end of generated: {name} -->"


def regenerate(*, write: bool, only: Step | None = None) -> list[Path]:
    """Make everything anew, or only what belongs to one step. Gives the files that differed; writes them only if asked."""
    stale = []
    for path, text in everything(only):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if write:
                path.write_text(text, encoding="utf-8", newline="\n")
    return stale


def everything(only: Step | None = None) -> Iterator[tuple[Path, str]]:
    for path in [only.lesson] if only else sorted(paths.LESSONS.rglob("*.md")):
        yield path, lesson(path)
    for step in [only] if only else manifest.steps():
        yield step.folder / "README.md", readme(step)
        for notebook, solved_one in step.solved_notebooks.items():
            yield solved_one, solution_notebook(step, notebook)


def lesson(path: Path) -> str:
    """The lesson with its generated parts made anew; most lessons have none."""
    text = path.read_text(encoding="utf-8")
    for name, part in LESSON_PARTS.items():
        if BEGIN.format(name=name) in text:
            text = between(path, text, name, part())
    return text


def readme(step: Step) -> str:
    """The solution's README with its generated parts made anew; the text around them is the author's."""
    path = step.folder / "README.md"
    text = path.read_text(encoding="utf-8")
    for name, part in (("diff", diff(step)), ("wrong answers", wrong_answers(step))):
        text = between(path, text, name, part)
    if BEGIN.format(name="right answers") in text:
        text = between(path, text, "right answers", right_answers(step))
    return text


def right_answers(step: Step) -> str:
    """The other right answers of the manifest, with links: a README that describes them at length has no such part."""
    return "\n".join(
        f"- [{right.name.replace('_', ' ')}]({place(step, right)}): {right.style}" for right in step.right
    )


def place(step: Step, right: manifest.RightAnswer) -> str:
    patch = f"right/{right.name}.patch"
    return patch if (step.folder / patch).exists() else f"right/{right.name}"


def between(path: Path, text: str, name: str, part: str) -> str:
    """The text with this part between the two lines that mark its place."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    if begin not in text or end not in text:
        raise WorkshopError(f"{path} has no place for the {name}. Put these two lines in it:\n{begin}\n{end}")
    before, rest = text.split(begin, 1)
    return f"{before}{begin}\n\n{part}\n\n{end}{rest.split(end, 1)[1]}"


def diff(step: Step) -> str:
    """What the answer changes, from the tree before the step: a unified diff per file."""
    with tempfile.TemporaryDirectory() as folder:
        before = tree.before_answer(Path(folder) / "before", step)
        after = tree.lay(step.folder / "answer", tree.before_answer(Path(folder) / "after", step))
        lines = [line for path in step.edits for line in file_diff(before / path, after / path, path)]
    return "```diff\n" + "\n".join(lines) + "\n```"


def file_diff(before: Path, after: Path, name: str) -> Iterator[str]:
    old, new = (
        path.read_text(encoding="utf-8").splitlines() if path.exists() else [] for path in (before, after)
    )
    old_name = f"a/{name}" if before.exists() else "/dev/null"
    return difflib.unified_diff(old, new, old_name, f"b/{name}", lineterm="")


def wrong_answers(step: Step) -> str:
    """The wrong answers of the manifest: the belief, why it is not so, what differs from the answer, and what catches it."""
    return "\n\n".join(wrong_answer(step, wrong) for wrong in step.wrong)


def wrong_answer(step: Step, wrong: manifest.WrongAnswer) -> str:
    patch = step.patch(wrong.name)
    if patch.exists():
        shown = f"```diff\n{patch.read_text(encoding='utf-8').rstrip()}\n```"
    else:
        shown = f"Read it: [{wrong.name}](wrong/{wrong.name})."
    return f"### “{wrong.belief}”\n\n{wrong.why}\n\n{shown}\n\nCaught by {caught(wrong)}."


def caught(wrong: manifest.WrongAnswer) -> str:
    return ", ".join(f"`{check}`" for check in wrong.caught_by)


def solved(step: Step, path: Path) -> nbformat.NotebookNode:
    """A notebook of the step with the answers in place: exercise cells hold the answer's files, guesses are right."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if cell.source.startswith(EDIT):
            magic = cell.source.splitlines()[0]
            path = magic.removeprefix(EDIT).strip()
            cell.source = f"{magic}\n" + step.solved_file(path).read_text(encoding="utf-8").rstrip("\n")
        elif "answer" in cell.metadata:
            cell.source = cell.source.replace("...", cell.metadata["answer"], 1)
    return notebook


def client(notebook: nbformat.NotebookNode, **options: object):
    """What runs a notebook in a kernel of its own, from the folder of the notebooks: an `nbclient.NotebookClient`."""
    from nbclient import NotebookClient
    from traitlets.config import Config

    return NotebookClient(
        notebook,
        timeout=120,
        startup_timeout=60,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        config=Config({"KernelManager": connection()}),
        resources={"metadata": {"path": str(paths.NOTEBOOKS)}},
        **options,
    )


def connection() -> dict[str, str]:
    """How a `KernelManager` talks to its kernel: through files of their own.

    A port would be looked for first and bound by the kernel later; when another program takes it meanwhile, the kernel dies.
    """
    if sys.platform == "win32":
        return {"transport_encryption": "auto"}
    name = Path(tempfile.gettempdir()) / f"workshop-kernel-{secrets.token_hex(8)}"
    return {"transport_encryption": "auto", "transport": "ipc", "ip": str(name)}


def executed(notebook: nbformat.NotebookNode, step: Step) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom on a copy of its own. The first error ends it, with the cell's number."""
    from nbclient.exceptions import CellExecutionError

    with tempfile.TemporaryDirectory(prefix="workshop-") as folder:
        solve_other_parts(notebook, step, Path(folder) / "work")
        try:
            return client(notebook).execute(env=os.environ | {"WORKSHOP_WORK": f"{folder}/work"})
        except CellExecutionError as error:
            raise WorkshopError(
                f"{step.stem}: a cell ended in an error:\n{without_colour(str(error))}"
            ) from error


def solve_other_parts(notebook: nbformat.NotebookNode, step: Step, work: Path) -> None:
    """Of a notebook that edits only some of the step's files, begin a `work/` in which the others are solved."""
    cells = [cell.source for cell in notebook.cells if cell.source.startswith(EDIT)]
    edited = {source.splitlines()[0].removeprefix(EDIT).strip() for source in cells}
    if edited and edited != set(step.edits):
        tree.starter(work, step)
        for path in set(step.edits) - edited:
            (work / path).write_text(step.solved_file(path).read_text(encoding="utf-8"), encoding="utf-8")
        (work / MARKER).write_text(step.stem, encoding="utf-8")


def solution_notebook(step: Step, path: Path) -> str:
    """The notebook solved, with its real outputs, normalised: a second run gives the same bytes."""
    return normal.dumped(executed(solved(step, path), step))
