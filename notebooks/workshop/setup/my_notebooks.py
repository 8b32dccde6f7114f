"""The learner's own copies of the notebooks, in `work/notebooks/`: what is saved there is theirs, and no change in git."""

import hashlib
import json
import re
from datetime import datetime
from pathlib import Path

from .. import paths

FROM = "copied_from"  # in a copy's metadata: the fingerprint of the notebook as it was then
UP = re.compile(r"(?<=\]\()\.\./")  # a link to a folder beside notebooks/: it is one further up from the copy


def copy_all() -> list[Path]:
    """Copy each notebook that has no copy yet, or that has changed since. Gives the old copies, kept in the history.

    A copy whose notebook has another name now goes there too; a notebook that the learner made stays.
    """
    folder = paths.WORK / paths.MY_NOTEBOOKS
    folder.mkdir(parents=True, exist_ok=True)
    sources = sorted(paths.NOTEBOOKS.glob("*.ipynb"))
    kept = [copy(source, folder / source.name) for source in sources]
    names = {source.name for source in sources}
    gone = [put_away(old) for old in folder.glob("*.ipynb") if old.name not in names and copied_from(old)]
    return [path for path in kept if path] + gone


def copy(source: Path, target: Path) -> Path | None:
    """Copy one notebook, unless its copy is of this version. Gives where an older copy went, if there was one."""
    text = source.read_text(encoding="utf-8")
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]
    if target.exists() and copied_from(target) == fingerprint:
        return None
    kept = put_away(target) if target.exists() else None
    notebook = json.loads(UP.sub("../../", text))
    notebook["metadata"][FROM] = fingerprint
    target.write_text(
        json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"
    )
    return kept


def copied_from(target: Path) -> str | None:
    """The fingerprint in a copy; None for a file that is damaged or has none."""
    try:
        return json.loads(target.read_text(encoding="utf-8"))["metadata"].get(FROM)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def put_away(target: Path) -> Path:
    place = paths.WORK / ".history" / f"{datetime.now():%Y%m%d-%H%M%S-%f}-{paths.MY_NOTEBOOKS}" / target.name
    place.parent.mkdir(parents=True)
    return target.rename(place)


def to_open() -> Path:
    """The notebook of the step that `work/` is at, or the first one."""
    folder = paths.WORK / paths.MY_NOTEBOOKS
    marker = paths.WORK / ".step"
    stem = marker.read_text(encoding="utf-8").strip() if marker.exists() else ""
    parts = folder.glob(f"{stem[:2]}[a-z]{stem[2:]}.ipynb")
    current = min([*folder.glob(f"{stem}.ipynb"), *parts], default=None) if stem else None
    return current or min(folder.glob("*.ipynb"))
