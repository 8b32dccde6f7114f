"""What a page needs of Python, as zip archives: packages as they are installed here, and files of the clone."""

import posixpath
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path

from ... import paths
from ...errors import WorkshopError

# Django and what the shop imports. A package that has no pure Python (argon2-cffi, cryptography, psycopg) is not here.
SHOP = (
    *("Django", "asgiref", "sqlparse", "tzdata"),
    *("djangorestframework", "djangorestframework-simplejwt", "PyJWT", "dj-database-url"),
    *("drf-spectacular", "uritemplate", "inflection", "PyYAML", "typing_extensions"),
)
# The languages that IPython imports: those of its own magics.
LEXERS = (
    "__init__|_mapping|_css_|_lilypond_|_scheme_|css|data|diff|html|javascript|jvm|lilypond|lisp|markup|perl|python|ruby"
    "|shell|textfmts"
)
# Translations, compiled code for this machine, maps, the admin's and the browsable API's files, zones but UTC: a third
# of the packages' size, and nothing that a page in a tab asks for.
LEFT_OUT = re.compile(
    r"\.(so|pyd|pyc|pyi|pyx|c|po)$|^\.\.|/tests/|/locale/(?!en/|__init__)|^django/contrib/gis/"
    r"|^(django/contrib/admin|rest_framework)/static/|^rest_framework/templates/rest_framework/docs/"
    rf"|^pygments/lexers/(?!{LEXERS})"
    r"|^urllib3/contrib/emscripten/|^tzdata/zoneinfo/(?!UTC$|__init__)|\.dist-info/(?!METADATA$|entry_points)"
)
PACKAGES = "packages"  # their folder in an archive
OF_THE_CLONE = re.compile(r"__pycache__|\.sqlite3|/\.|/(tests|bench|fuzz|testkit|staticfiles)/")


def packages(archive: zipfile.ZipFile, names: tuple[str, ...], into: str) -> None:
    """Put the installed packages of these names into a folder of the archive."""
    for name in names:
        for file in distribution(name).files or []:
            if not LEFT_OUT.search(file.as_posix()) and file.locate().is_file():
                add(archive, f"{into}/{file.as_posix()}", file.locate())


def clone(archive: zipfile.ZipFile, *places: str, into: str = ".") -> None:
    """Put these files and folders of the clone into a folder of the archive, under the same names."""
    for place in places:
        top = paths.ROOT / place
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            name = path.relative_to(paths.ROOT).as_posix()
            if path.is_file() and not OF_THE_CLONE.search(name):
                add(archive, posixpath.normpath(f"{into}/{name}"), path)


def folder(archive: zipfile.ZipFile, place: Path, into: str) -> None:
    """Put the Python files of a folder into one of the archive."""
    for path in sorted(place.rglob("*.py")):
        add(archive, f"{into}/{path.relative_to(place).as_posix()}", path)


def unpacked(archive: zipfile.ZipFile, other: Path, into: str) -> None:
    """Put what is in another archive into a folder of this one."""
    with zipfile.ZipFile(other) as source:
        for name in source.namelist():
            archive.writestr(zipfile.ZipInfo(f"{into}/{name}"), source.read(name), zipfile.ZIP_DEFLATED, 9)


def add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Add a file without its time: the same content is the same archive."""
    archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def precompile(archive: Path, place: str, *folders: str, beside: Sequence[str] = ()) -> None:
    """Replace the Python sources in these folders of the archive by bytecode: importing them takes half the time.

    "" is all of the archive, and `place` is where the page finds its files. In the folders `beside`, which somebody reads,
    the sources stay with their bytecode.
    """
    script = Path(__file__).with_name("precompile.mjs")
    command = [shutil.which("node") or "node", str(script), str(archive), place, *folders]
    command += ["--beside", *beside]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise WorkshopError(
            f"The archive {archive.name} could not be compiled. node said:\n{done.stderr.strip()}"
        )
