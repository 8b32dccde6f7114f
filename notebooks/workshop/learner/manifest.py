"""The steps, as their folders in solutions/ describe them."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Step:
    """One step: `stem` names its lesson, its notebook and its solution folder alike."""

    stem: str
    title: str
    minutes: int
    edits: tuple[str, ...]
    hints: tuple[str, ...]
    wrong: tuple[WrongAnswer, ...]
    guards: tuple[str, ...] = ()  # checks that hold before the step too, and must go on holding
    promises: tuple[Promise, ...] = ()
    right: tuple[RightAnswer, ...] = ()
    limit: int = 0  # seconds for one check, where a whole shop has to start first; 0 is the usual limit
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
    def notebook(self) -> Path:
        return paths.NOTEBOOKS / f"{self.stem}.ipynb"

    @property
    def changes_the_server(self) -> bool:
        return any(not path.startswith("client/") for path in self.edits)

    @cached_property
    def variants(self) -> list[str]:
        """The answers beside answer/, as paths in the folder: `wrong/<name>` and `right/<name>`."""
        return [f"wrong/{each.name}" for each in self.wrong] + [f"right/{each.name}" for each in self.right]

    @cached_property
    def known_files(self) -> frozenset[str]:
        """Every file the manifest allows in the folder, relative to it (rule 6). `given/` may hold any."""
        edited = {f"{layer}/{path}" for layer in ["start", "answer", *self.variants] for path in self.edits}
        patches = {f"{variant}.patch" for variant in self.variants}
        given = {path.relative_to(self.folder).as_posix() for path in self.folder.glob("given/**/*.*")}
        known = {"step.toml", "checks.py", "README.md", "notebook.ipynb", self.given_patch.name}
        return frozenset(known | edited | patches | given)

    @property
    def given_patch(self) -> Path:
        """What the step changes in the tree before the learner begins; most steps have none."""
        return self.folder / "given.patch"

    def patch(self, wrong: str) -> Path:
        """What makes the answer the wrong one of that name. A wrong answer may also be whole files, in a folder."""
        return self.folder / "wrong" / f"{wrong}.patch"


def steps() -> list[Step]:
    """All steps, in order."""
    return [read(folder) for folder in sorted(paths.SOLUTIONS.glob("[0-9][0-9]_*")) if folder.is_dir()]


def read(folder: Path) -> Step:
    """The step a solution folder describes; a `WorkshopError` names the file and the key that is wrong."""
    path = folder / "step.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        wrong = tuple(
            WrongAnswer(**{**entry, "caught_by": tuple(entry["caught_by"])})
            for entry in data.pop("wrong", [])
        )
        lists = {key: tuple(data.pop(key)) for key in ("edits", "hints")}
        lists |= {key: tuple(data.pop(key, ())) for key in ("guards", "undoes")}
        lists["promises"] = tuple(Promise(**entry) for entry in data.pop("promise", []))
        lists["right"] = tuple(RightAnswer(**entry) for entry in data.pop("right", []))
        step = Step(stem=folder.name, wrong=wrong, **lists, **data)
    except FileNotFoundError:
        raise WorkshopError(
            f"{paths.shown(folder)} has no step.toml: every step is described by one."
        ) from None
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise WorkshopError(f"{paths.shown(path)} cannot be read as a step: {error}.") from error
    if len(step.hints) != HINTS:
        raise WorkshopError(f"{paths.shown(path)} has {len(step.hints)} hints; a step has {HINTS}.")
    return step


def find(typed: str) -> Step:
    """The step a person means by `01`, `1`, `01_token_pair` or `token_pair`."""
    known = steps()
    wanted = typed.strip().strip("/").lower()
    for step in known:
        number, _, name = step.stem.partition("_")
        if wanted in (step.stem, number, name) or (wanted.isdigit() and int(wanted) == int(number)):
            return step
    said = f"There is no step {typed!r}." if wanted else "No step was named."
    listing = "\n".join(f"  {step.stem:<24} {step.title}" for step in known)
    raise WorkshopError(f"{said} The steps are:\n{listing}\nName one like this: STEP={known[0].stem}")


def before(step: Step) -> list[Step]:
    """The steps whose answers the given step builds on, in order."""
    return [other for other in steps() if other.stem < step.stem]


def up_to(step: Step) -> list[Step]:
    return [*before(step), step]
