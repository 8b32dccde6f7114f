"""*Try it now*: the Token Lab as static files. The server runs in the tab, and a service worker brings it the requests."""

import functools
import shutil
import tempfile
import zipfile
from pathlib import Path

from ... import paths
from . import archives, prepared

PAGE = Path(__file__).with_name("try_page")
PYODIDE = paths.ROOT / "node_modules" / "pyodide"
STANDARD_LIBRARY = "/lib/python314.zip"  # where Pyodide keeps the file below
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")


def build_try(out: Path) -> Path:
    """Build the page into `out`, which may be served under any address."""
    shutil.copytree(PAGE, out)
    copy_runtime(out / "pyodide")
    with zipfile.ZipFile(out / "server.zip", "w") as archive:
        archives.packages(archive, archives.SHOP, archives.PACKAGES)
        archives.clone(archive, "server/drf_course", "server/api", "server/hardening", "server/lab")
        archives.add(archive, "server/in_memory.py", paths.NOTEBOOKS / "workshop/servers/in_memory.py")
        archives.folder(archive, prepared.IN_TAB, "server")
        with tempfile.TemporaryDirectory() as folder:
            archives.add(archive, "db.sqlite3", prepared.seeded(paths.SERVER, Path(folder) / "db.sqlite3"))
    archives.precompile(out / "server.zip", "/shop", archives.PACKAGES, "server")
    return out


def copy_runtime(out: Path) -> None:
    """Copy Python for WebAssembly, as `npm ci` installed it, with its standard library compiled."""
    out.mkdir()
    for name in RUNTIME:
        shutil.copy(PYODIDE / name, out)
    (out / "python_stdlib.zip").write_bytes(standard_library())


@functools.cache
def standard_library() -> bytes:
    """Python's own modules, compiled once for both pages: as sources, a kernel would compile two hundred at each start."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(shutil.copy(PYODIDE / "python_stdlib.zip", folder))
        archives.precompile(archive, STANDARD_LIBRARY, "")
        return archive.read_bytes()
