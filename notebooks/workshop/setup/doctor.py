"""`doctor`: what this machine lacks, and the one command that corrects it. Standard library only."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..paths import KEPT, OWN, ROOT, SERVER, WORK, elsewhere
from . import chromium, installation


class Finding(NamedTuple):
    state: str  # "ok", "missing" (something will not work) or "optional"
    what: str
    remedy: str = ""


def main() -> int:
    """Print every finding; the exit code is 1 when something needed is missing."""
    findings = list(examine())
    width = max(len(finding.state) for finding in findings)
    for finding in findings:
        print(f"{finding.state:<{width}}  {finding.what}")
        if finding.remedy:
            print(f"{'':<{width}}  -> {finding.remedy}")
    missing = sum(finding.state == "missing" for finding in findings)
    print(
        "\nNothing needed is missing." if not missing else f"\nMissing: {missing}. Correct it from the top."
    )
    return 1 if missing else 0


def examine() -> Iterator[Finding]:
    yield Finding("ok", f"Python {sys.version.split()[0]} ({sys.executable})")
    yield from programs()
    yield writable()
    yield installer()
    yield from installed_sets()
    yield port(8000)
    yield learners_copy()


def programs() -> Iterator[Finding]:
    wanted = {
        "git": "install git: you need it to get the next version of the workshop",
        "make": "use `cd notebooks`, then `python -m workshop demo` in place of `make demo`",
        "node": "install Node.js, then run npm ci: only make site and some tests need it",
    }
    for name, remedy in wanted.items():
        found = shutil.which(name)
        yield Finding("ok", f"{name} ({found})") if found else Finding("optional", f"no {name}", remedy)
    remedy = "install Chromium: only two attacks of step 10 and the browser tests need it"
    yield (
        Finding("ok", f"browser ({found})")
        if (found := chromium.find())
        else Finding("optional", "no Chromium or Chrome", remedy)
    )


def writable() -> Finding:
    if os.access(ROOT, os.W_OK):
        return Finding("ok", f"{ROOT} can be written")
    if can_be_made(OWN):
        return Finding("ok", elsewhere())
    return Finding("missing", f"{ROOT} is read-only", f"git clone {ROOT} in a folder of your own")


def can_be_made(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that exists, can be written."""
    return os.access(next(place for place in (folder, *folder.parents) if place.exists()), os.W_OK)


def installer() -> Finding:
    if shutil.which("uv") or installation.UV.exists():
        return Finding("ok", "uv installs the packages")
    if installation.has_module("pip") or installation.has_module("ensurepip"):
        return Finding("ok", "pip will fetch uv, and uv installs the packages")
    return Finding("missing", f"{sys.executable} has no pip", "apt-get install python3-pip  (Debian, Ubuntu)")


def installed_sets() -> Iterator[Finding]:
    """What `.venv` holds. What is not there is no fault: the commands in the second line install it."""
    first_use = {"core": "make demo", "lab": "make setup", "dev": "make test"}
    for name in first_use:
        purpose = installation.SETS[name][1]
        if installation.is_installed(name):
            yield Finding("ok", f"{purpose}: installed{broken(name)}")
        else:
            yield Finding(
                "optional", f"{purpose}: not installed yet", f"{first_use[name]}  (installs it, once)"
            )


def broken(name: str) -> str:
    """A sentence when the environment no longer works, though it was installed."""
    module = {"core": "rest_framework_simplejwt", "lab": "jupyterlab", "dev": "xdist"}[name]
    command = [
        str(installation.PYTHON),
        "-c",
        f"import importlib.util as u, sys; sys.exit(not u.find_spec('{module}'))",
    ]
    works = subprocess.run(command, capture_output=True).returncode == 0
    return "" if works else f", but {module} is gone: run make clean, then the command again"


def port(number: int) -> Finding:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", number)):
            return Finding("ok", f"port {number} is free for make serve")
    return Finding("optional", f"port {number} is taken", "make serve PORT=8001")


def learners_copy() -> Finding:
    marker = WORK / ".step"
    if not WORK.exists() or not {path.name for path in WORK.iterdir()} - {*KEPT}:
        return Finding("optional", "no work/ yet", "make start STEP=00")
    if not marker.exists():
        return Finding("missing", "work/ is half-made", "make start STEP=00  (keeps what is in it)")
    key = "" if (SERVER / "manage.py").exists() else " (but server/ is damaged: git checkout server)"
    return Finding("ok", f"work/ is at step {marker.read_text(encoding='utf-8').strip()}{key}")
