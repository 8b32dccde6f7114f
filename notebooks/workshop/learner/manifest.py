"""The steps, as their folders in solutions/ describe them."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from .. import paths
from ..errors import WorkshopError

HINTS = 3


@dataclass(frozen=True)
class WrongAnswer:
    """A plausible wrong answer: the belief behind it, and how the checks answer it."""

    name: str
    belief: str
    why: str
    caught_by: tuple[str, ...]
    says: str
    of: str = ""  # the right answer that it is a change of; without one, the answer


@dataclass(frozen=True)
class Promise:
    """A sentence that the learner reads in a stub or in the lesson, and the check that fails when it is not kept."""

    says: str
    check: str


@dataclass(frozen=True)
class RightAnswer:
    """A right answer that differs from the one in answer/: no check may be about style."""

    name: str
    style: str
    of: str = ""  # the right answer that it is a change of; without one, the answer


@dataclass(frozen=True)
class Step:
    """One step: `stem` names its lesson, its notebook and its solution folder alike.

    A long step has several notebooks, its parts: `02a_inside_a_token.ipynb`, `02b_inside_a_token.ipynb`.
    """

    stem: str
    title: str
    minutes: int
    edits: tuple[str, ...]
    hints: tuple[str, ...]
    wrong: tuple[WrongAnswer, ...]
    guards: tuple[str, ...] = ()  # checks that hold before the step too, and must go on holding
    promises: tuple[Promise, ...] = ()
    right: tuple[RightAnswer, ...] = ()
    removes: tuple[str, ...] = ()  # files of start/ that the answer deletes
    limit: int = 0  # seconds for one check, where a whole shop has to start first; 0 is the usual limit
    own_machine: str = (
        ""  # what a browser's tab lacks for this step, as a sentence; empty where it runs there
    )
    check_elsewhere: str = ""  # the same for its checks alone: the cells run in a tab
    undoes: tuple[str, ...] = ()  # "stem/check" of earlier steps, about something that this step changes

    @property
    def number(self) -> str:
        return self.stem.partition("_")[0]

    @property
    def folder(self) -> Path:
        return paths.SOLUTIONS / self.stem

    @property
    def checks(self) -> Path:
        return self.folder / "checks.py"

    @property
    def lesson(self) -> Path:
        return paths.LESSONS / f"{self.stem}.md"

    @property
    def notebooks(self) -> list[Path]:
        """The notebook of the step, or its parts in order."""
        parts = paths.NOTEBOOKS.glob(f"{self.number}[a-z]{self.stem.removeprefix(self.number)}.ipynb")
        return sorted(parts) or [paths.NOTEBOOKS / f"{self.stem}.ipynb"]

    @property
    def notebook(self) -> Path:
        """Where a learner begins: the notebook, or its first part."""
        return self.notebooks[0]

    @property
    def solved_notebooks(self) -> dict[Path, Path]:
        """For each notebook, the file that holds it solved, with its outputs."""
        return {notebook: self.folder / solved_name(notebook) for notebook in self.notebooks}

    @property
    def changes_the_server(self) -> bool:
        """Whether the learner edits the shop: neither its client nor a project beside it."""
        beside = ("client/", f"{paths.OWN_PROJECT}/")
        return any(not path.startswith(beside) for path in self.edits)

    @cached_property
    def variants(self) -> list[str]:
        """The answers beside answer/, as paths in the folder: `wrong/<name>` and `right/<name>`."""
        return [f"wrong/{each.name}" for each in self.wrong] + [f"right/{each.name}" for each in self.right]

    def base(self, variant: str) -> str:
        """The variant that this one is a change of, as `right/<name>`; empty for the answer."""
        for kind, known in (("wrong", self.wrong), ("right", self.right)):
            for each in known:
                if each.of and variant == f"{kind}/{each.name}":
                    return f"right/{each.of}"
        return ""

    def solved_file(self, path: str) -> Path:
        """The file as the answer has it; one that the answer deletes, as a right answer has it that keeps it."""
        layers = ["answer", *(f"right/{right.name}" for right in self.right)]
        places = [self.folder / layer / path for layer in layers]
        return next((place for place in places if place.exists()), places[0])

    @cached_property
    def known_files(self) -> frozenset[str]:
        """Every file the manifest allows in the folder, relative to it (rule 6). `given/` may hold any."""
        edited = {f"{layer}/{path}" for layer in ["start", "answer", *self.variants] for path in self.edits}
        patches = {f"{variant}.patch" for variant in self.variants}
        given = {path.relative_to(self.folder).as_posix() for path in self.folder.glob("given/**/*.*")}
        known = {"step.toml", "checks.py", "README.md", self.given_patch.name}
        solved = {path.name for path in self.solved_notebooks.values()}
        return frozenset(known | solved | edited | patches | given)

    @property
    def given_patch(self) -> Path:
        """What the step changes in the tree before the learner begins; most steps have none."""
        return self.folder / "given.patch"

    def patch(self, wrong: str) -> Path:
        """What makes the answer the wrong one of that name. A wrong answer may also be whole files, in a folder."""
        return self.folder / "wrong" / f"{wrong}.patch"


def solved_name(notebook: Path) -> str:
    """`notebook.ipynb`; of a part, `notebook_a.ipynb`."""
    part = notebook.name.partition("_")[0].lstrip("0123456789")
    return f"notebook_{part}.ipynb" if part else "notebook.ipynb"


def steps() -> list[Step]:
    """All steps, in order."""
    return [read(folder) for folder in sorted(paths.SOLUTIONS.glob("[0-9][0-9]_*")) if folder.is_dir()]


def read(folder: Path) -> Step:
    """The step a solution folder describes; a `WorkshopError` names the file and the key that is wrong."""
    path = folder / "step.toml"
    try:
        return parsed(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WorkshopError(
            f"{paths.shown(folder)} has no step.toml: every step is described by one."
        ) from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise WorkshopError(f"{paths.shown(path)} cannot be read as a step: {error}.") from error


@cache
def parsed(path: Path, text: str) -> Step:
    """The step that this text of its step.toml describes: every check asks for all steps, several times."""
    data = tomllib.loads(text)
    wrong = tuple(
        WrongAnswer(**{**entry, "caught_by": tuple(entry["caught_by"])}) for entry in data.pop("wrong", [])
    )
    lists = {key: tuple(data.pop(key)) for key in ("edits", "hints")}
    lists |= {key: tuple(data.pop(key, ())) for key in ("guards", "undoes", "removes")}
    lists["promises"] = tuple(Promise(**entry) for entry in data.pop("promise", []))
    lists["right"] = tuple(RightAnswer(**entry) for entry in data.pop("right", []))
    step = Step(stem=path.parent.name, wrong=wrong, **lists, **data)
    if len(step.hints) != HINTS:
        raise WorkshopError(f"{paths.shown(path)} has {len(step.hints)} hints; a step has {HINTS}.")
    return step


def find(typed: str) -> Step:
    """The step a person means by `01`, `1`, `01_token_pair` or `token_pair`; or by a part of its notebooks, `02a`."""
    known = steps()
    wanted = typed.strip().strip("/").lower()
    for step in known:
        number, _, name = step.stem.partition("_")
        parts = [path.stem for path in step.notebooks]
        names = {step.stem, number, name, *parts, *(part.partition("_")[0] for part in parts)}
        if wanted in names or (wanted.isdigit() and int(wanted) == int(number)):
            return step
    said = f"There is no step {typed!r}." if wanted else "No step was named."
    listing = "\n".join(f"  {step.stem:<24} {step.title}" for step in known)
    raise WorkshopError(f"{said} The steps are:\n{listing}\nName one like this: STEP={known[0].stem}")


def before(step: Step) -> list[Step]:
    """The steps whose answers the given step builds on, in order."""
    return [other for other in steps() if other.stem < step.stem]


def up_to(step: Step) -> list[Step]:
    return [*before(step), step]
