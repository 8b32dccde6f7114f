"""The learner's copy, `work/`. Nothing the learner wrote is ever lost: old copies go to `work/.history/`."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from .. import paths
from ..errors import WorkshopError
from . import manifest, tree
from .manifest import Step

MARKER = ".step"
STAGING = ".staging-"
AN_HOUR = 3_600  # seconds


def current() -> Step:
    """The step `work/` is at; a sentence when there is none, or when its making was interrupted."""
    marker = paths.WORK / MARKER
    if marker.exists():
        return manifest.find(marker.read_text(encoding="utf-8"))
    if not paths.WORK.exists() or not (contents(paths.WORK) or [*paths.WORK.glob(f"{STAGING}*")]):
        raise WorkshopError("There is no work/ yet. Make it with: make start STEP=00")
    raise WorkshopError(
        "work/ is half-made: something stopped the workshop while it was writing it. "
        "Nothing you wrote is lost: `make start STEP=...` makes it anew and keeps what is there in work/.history/."
    )


def start(step: Step) -> Path | None:
    """Make `work/` for a step. Gives the folder that now holds the old copy, or None if there was none."""
    return replace(step, lambda staging: tree.starter(staging, step))


def solve(step: Step) -> Path | None:
    """Put the step's answer into `work/`, over the answers before it."""
    return replace(step, lambda staging: tree.answer(staging, step))


def replace(step: Step, build: Callable[[Path], Path]) -> Path | None:
    """Build the new copy completely, then put the old one away, then move the new one in.

    Only renames touch what is in `work/`, and they are undone when one fails: a full disk changes nothing.
    """
    with explained("work/ was left as it was"):
        paths.WORK.mkdir(parents=True, exist_ok=True)
        forget_interrupted()
        with tempfile.TemporaryDirectory(dir=paths.WORK, prefix=STAGING) as folder:
            staging = build(Path(folder) / "tree")
            (staging / MARKER).write_text(f"{step.stem}\n", encoding="utf-8")
            old = contents(paths.WORK)
            kept = history_folder() if old else None
            try:
                with undone_together() as move:
                    for path in reversed(old):
                        move(path, kept / path.name)
                    for path in contents(staging):
                        move(path, paths.WORK / path.name)
            except OSError:
                if kept:
                    kept.rmdir()
                raise
            return kept


def forget_interrupted() -> None:
    """Remove new copies whose making was killed an hour ago or more; they hold nothing the learner wrote."""
    for folder in paths.WORK.glob(f"{STAGING}*"):
        if time.time() - folder.stat().st_mtime > AN_HOUR:
            shutil.rmtree(folder, ignore_errors=True)


def contents(folder: Path) -> list[Path]:
    """What a copy consists of, its marker last: a copy whose move was interrupted has none, and says so."""
    found = [
        path for path in folder.iterdir() if path.name not in paths.KEPT and not path.name.startswith(STAGING)
    ]
    return sorted(found, key=lambda path: (path.name == MARKER, path.name))


@contextlib.contextmanager
def undone_together() -> Iterator[Callable[[Path, Path], None]]:
    """A `move(source, destination)` whose earlier moves are undone when a later one fails."""
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, destination: Path) -> None:
        source.rename(destination)
        moved.append((source, destination))

    try:
        yield move
    except OSError:
        for source, destination in reversed(moved):
            destination.rename(source)
        raise


def history_folder(ending: str = "") -> Path:
    """A new folder `work/.history/<time>-<step>`, with this ending."""
    marker = paths.WORK / MARKER
    stem = marker.read_text(encoding="utf-8").strip() if marker.exists() else "half_made"
    name = f"{datetime.now():%Y%m%d-%H%M%S}-{stem}{ending}"
    for suffix in ("", *(f"-{count}" for count in range(2, 1000))):
        with contextlib.suppress(FileExistsError):
            folder = paths.WORK / ".history" / f"{name}{suffix}"
            folder.mkdir(parents=True)
            return folder
    raise WorkshopError(
        f"work/.history/ holds a thousand copies named {name}. Remove some, then run this again."
    )


def keep_passed(step: Step, known: str | None) -> Path:
    """Copy what the step edits to the history; the copy kept before, when nothing has changed since."""
    files = [paths.WORK / name for name in step.edits if (paths.WORK / name).is_file()]
    kept = paths.WORK.parent / known if known else None
    if kept and all(same(file, kept / file.relative_to(paths.WORK)) for file in files):
        return kept
    folder = history_folder("-passed")
    for file in files:
        destination = folder / file.relative_to(paths.WORK)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, destination)
    return folder


def same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


def keep_version(path: Path) -> Path:
    """Copy one file of `work/` to the history before it is written over. Gives the copy."""
    destination = history_folder() / path.relative_to(paths.WORK)
    destination.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, destination)
    return destination


def write(relative: str, text: str, *, keep: bool = True) -> Path | None:
    """Write a file of `work/`, keeping the version it had. Gives the kept copy, or None if there is none.

    The new text is written beside the file and then renamed: there is no moment with half a file.
    """
    path = inside(relative)
    with explained(f"work/{relative} was left as it was"):
        if path.exists() and path.read_bytes() == text.encode():
            return None
        kept = keep_version(path) if keep and path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        try:
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return kept


def inside(relative: str) -> Path:
    """The path in `work/`; a sentence for one that leads out of it."""
    path = (paths.WORK / relative).resolve()
    top = paths.WORK.resolve()
    if (
        path == top
        or path.is_dir()
        or not path.is_relative_to(top)
        or path.relative_to(top).parts[0] in (*paths.KEPT, MARKER)
    ):
        raise WorkshopError(
            f"{relative!r} is no file of yours inside work/. Name one like this: client/token_pair.py"
        )
    return path


def why(error: OSError) -> str:
    """What the system said; of a copy of many files, what it said of the first that failed."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return error.args[0][0][2].partition("] ")[2].partition(": ")[0] or str(error)
    return error.strerror or str(error)


@contextlib.contextmanager
def explained(consequence: str) -> Iterator[None]:
    """Turn a failing disk or a read-only folder into one sentence that says what happened to the files."""
    try:
        yield
    except OSError as error:
        place = paths.shown(Path(error.filename)) if error.filename else "work/"
        raise WorkshopError(
            f"{place} could not be written: {why(error)}. {consequence[0].upper()}{consequence[1:]}, and nothing "
            "you wrote is lost. Make room, or make the folder writable, then run this again."
        ) from error
