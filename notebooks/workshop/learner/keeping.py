"""`work/` as one file: how it survives the reload of a browser's tab, and how it goes from a tab to a clone."""

import base64
import io
import itertools
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from .. import paths
from ..errors import WorkshopError
from . import work

DOWNLOAD = '<a download="work.zip" href="data:application/zip;base64,{content}">Download work.zip</a>'
NO_PLACE = "it gives this page no place for them, as in a private window"
KEPT_IN = os.environ.get("WORKSHOP_KEPT_IN")  # the file in the browser's storage; a clone has none


def packed() -> bytes:
    """Everything of the learner's as one archive: their copy, its history, their progress."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files():
            archive.write(path, path.relative_to(paths.WORK))
    return content.getvalue()


def files() -> list[Path]:
    return sorted(
        path for path in paths.WORK.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )


def unpack(file: Path) -> None:
    """Make `work/` from such a file, where there is none. A file of anything else is rejected."""
    if paths.WORK.exists() and any(paths.WORK.iterdir()):
        raise WorkshopError(
            "There is a work/ already. Rename it first: what you bring would be mixed with it."
        )
    try:
        with zipfile.ZipFile(file) as archive:
            if work.MARKER not in archive.namelist():
                raise WorkshopError(
                    f"{file} holds no work/ of this workshop: its file {work.MARKER} is missing."
                )
            archive.extractall(paths.WORK)
    except (OSError, zipfile.BadZipFile) as error:
        raise WorkshopError(f"{file} cannot be read: {error}.") from None


class Keeper:
    """Keeps `work/` in that file while a notebook is used: it looks after every cell."""

    # `ask` is for room for so many bytes. It calls back with nothing, or with the reason why they are not kept.
    def __init__(self, file: Path, ask: Callable[[int, Callable[[str], None]], None]):
        self.file, self.known, self.written = file, self.state(), checksum(file)
        self.ask = ask
        self.room = False  # until the browser has said that there is some
        self.warned = False

    def state(self) -> list[tuple[Path, int, int]]:
        """What changes when a file does."""
        return [(path, path.stat().st_size, path.stat().st_mtime_ns) for path in files()]

    def look(self, *_result: object) -> None:
        """If anything changed, write it: at once when there was room after an earlier cell, for a tab may be closed at any moment."""
        if self.state() != self.known:
            content = packed()
            if not self.room or self.write(content):
                self.ask(len(content), self.told)

    def told(self, reason: str) -> None:
        """The browser has said whether it keeps more. Write what is not written yet."""
        self.room = not reason
        if self.state() != self.known:
            self.write(packed(), reason)

    def write(self, content: bytes, reason: str = "") -> bool:
        """Write the file anew, and give whether the browser keeps it. If not, the learner gets it; the next cell tries again."""
        state = self.state()
        try:
            if reason or not self.file.parent.exists():
                raise OSError(reason or NO_PLACE)
            self.leave_to_another_tab()
            self.file.write_bytes(content)
        except OSError as error:
            self.warn(error.strerror or str(error))
            offer(content)
            return False
        self.known, self.written, self.warned = state, checksum(self.file), False
        return True

    def warn(self, reason: str) -> None:
        """Say why nothing is kept, until something is: once, for under each further cell the link is enough."""
        if not self.warned:
            print(
                f"The browser does not keep your files ({reason}): closing this tab would lose them. "
                "Take them home with the link below. Or free some storage or leave the private window, then run any cell again."
            )
        self.warned = True

    def leave_to_another_tab(self) -> None:
        """When another tab has written the file meanwhile, it keeps it, and this tab takes one of its own."""
        if checksum(self.file) != self.written:
            other, self.file = self.file.name, free_name(self.file)
            print(
                f"Another tab of this browser has put its work/ into {other}. What you write here is kept in "
                f"{self.file.name}, so nothing is lost; a reload begins with {other}. Go on in one of the two tabs."
            )


def offer(content: bytes) -> None:
    """A link under the cell that downloads the archive without the browser's storage."""
    from IPython.display import HTML, display  # a notebook alone has it

    display(HTML(DOWNLOAD.format(content=base64.b64encode(content).decode())))


def checksum(file: Path) -> int | None:
    """A number that changes with what is in the file; None when there is no file."""
    return zlib.crc32(file.read_bytes()) if file.exists() else None


def free_name(file: Path) -> Path:
    """The same with a number that no file has yet: `work-2.zip`."""
    names = (file.with_stem(f"{file.stem}-{number}") for number in itertools.count(2))
    return next(name for name in names if not name.exists())


def follow(shell: object) -> None:
    """In a tab: bring back what was kept, and keep what changes from now on."""
    if not KEPT_IN:
        return
    file = Path(KEPT_IN)
    if file.exists() and not paths.WORK.exists():
        bring_back(file)
    from tab.storage import ask  # a tab alone has it

    shell.events.register("post_run_cell", Keeper(file, ask).look)


def bring_back(file: Path) -> None:
    """Make `work/` from the file; one that cannot be read is put aside, and does not keep anybody from beginning."""
    try:
        unpack(file)
    except WorkshopError as error:
        aside = file.rename(free_name(file))
        print(f"{error} It is {aside.name} now, and you begin anew.")
