"""`make site`: every part of the static site, in one folder that any server of files can serve."""

import shutil
from importlib.util import find_spec
from pathlib import Path

from ... import paths
from ...errors import WorkshopError
from .try_it import PYODIDE, build_try

SITE = paths.SCRATCH / "site"
SERVE = "python -m http.server --bind 127.0.0.1 --directory"


def build(out: Path = SITE) -> Path:
    """Build the site anew. A part whose tools are not installed is left out, and a sentence says so."""
    require_node()
    shutil.rmtree(out, ignore_errors=True)
    notebooks = bool(find_spec("jupyterlite_core"))
    if find_spec("zensical") and find_spec("workshop.authoring.pages"):
        from ..pages import build_pages

        build_pages(out, tab="lab/" if notebooks else "")
        print(f"Built {paths.shown(out)}/: the pages to read.")
    out.mkdir(parents=True, exist_ok=True)
    print(f"Built {paths.shown(build_try(out / 'try'))}/: the Token Lab, with its server in the tab.")
    if notebooks:
        from .notebooks import build_notebooks

        print(
            f"Built {paths.shown(build_notebooks(out / 'lab'))}/: the notebooks, with their servers in the tab."
        )
    else:
        print("Left out the notebooks: JupyterLite is not installed (the packages of the extra `site`).")
    return out


def require_node() -> None:
    """A sentence, before any work is done, when npm's part is missing."""
    if not (shutil.which("node") and PYODIDE.exists()):
        raise WorkshopError(
            "The site needs Node.js and Pyodide. Install Node.js, then run in the clone: npm ci"
        )
