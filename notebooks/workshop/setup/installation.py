"""Set up the virtual environment of this clone, once. Standard library only: it runs before anything is installed."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from ..paths import ROOT, SCRATCH, shown

VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
UV = SCRATCH / "installer" / "bin" / ("uv.exe" if WINDOWS else "uv")

# A company's network often has a certificate authority of its own, which only the system knows: uv must ask the
# system, as pip does. The second name is the same for an older uv.
CERTIFICATES = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}

# Each set holds the ones before it, at the same versions.
SETS = {
    "core": (ROOT / "requirements.txt", "the server and the demo"),
    "lab": (ROOT / "requirements-lab.txt", "Jupyter and the notebooks"),
    "dev": (ROOT / "requirements-dev.txt", "the tests"),
    "site": (ROOT / "requirements-site.txt", "the site"),
    "hub": (ROOT / "requirements-hub.txt", "the tests of a JupyterHub"),
}


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def ensure(name: str) -> None:
    """Install the named set, a key of SETS, into `.venv`, unless it is there already."""
    if is_installed(name):
        return
    began = time.monotonic()
    say(f"Setting up {SETS[name][1]} in .venv (once) ...")
    make_virtual_environment()
    install(SETS[name][0], compile_bytecode=name != "core")
    for included in list(SETS)[: list(SETS).index(name) + 1]:
        stamp(included).write_text(fingerprint(included), encoding="utf-8")
    say(f"Ready after {time.monotonic() - began:.1f} s.\n")


def is_installed(name: str) -> bool:
    """Whether `.venv` holds the set as its lock file has it now."""
    try:
        return PYTHON.exists() and stamp(name).read_text(encoding="utf-8") == fingerprint(name)
    except FileNotFoundError:
        return False


def shown_python() -> str:
    """The Python of `.venv`, as to be typed in the clone."""
    return shown(PYTHON)


def fingerprint(name: str) -> str:
    """Changes with the lock file, with the place of the clone, and with the Python of `.venv`."""
    text = SETS[name][0].read_bytes() + str(ROOT).encode() + (VENV / "pyvenv.cfg").read_bytes()
    return hashlib.sha256(text).hexdigest()


def stamp(name: str) -> Path:
    return VENV / f"workshop-{name}.stamp"


def make_virtual_environment() -> None:
    if not PYTHON.exists():
        run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)])
    site_packages = VENV / "Lib/site-packages" if WINDOWS else next(VENV.glob("lib/python*/site-packages"))
    path = f"{ROOT / 'notebooks'}\n{ROOT / 'server'}\n"
    (site_packages / "workshop.pth").write_text(path, encoding="utf-8")


def install(lock: Path, *, compile_bytecode: bool) -> None:
    """Install a lock file's packages, each verified by its hash: with uv, and where uv fails, with pip.

    Notebooks start many processes, so their packages are compiled now (5 s once, 1 s less for each kernel).
    The core is compiled by its first run, which needs only a part of it: a newcomer does not wait for the rest.
    """
    try:
        install_with_uv(lock, compile_bytecode=compile_bytecode)
    except SetupError as uv_failed:
        say("uv could not install the packages, so pip installs them now. That takes longer.")
        try:
            install_with_pip(lock, compile_bytecode=compile_bytecode)
        except SetupError as pip_failed:
            raise SetupError(f"{uv_failed}\n\nThe same with pip:\n{pip_failed}") from None


def install_with_uv(lock: Path, *, compile_bytecode: bool) -> None:
    options = ["--compile-bytecode"] if compile_bytecode else []
    variables = CERTIFICATES | {"UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(SCRATCH / "uv-cache"))}
    command = [find_uv(), "pip", "install", "--quiet", "--require-hashes", *options]
    run([*command, "--python", str(PYTHON), "-r", str(lock)], environment=variables)


def install_with_pip(lock: Path, *, compile_bytecode: bool) -> None:
    options = ["--quiet", "--require-hashes", *([] if compile_bytecode else ["--no-compile"])]
    run([*find_pip(), "--python", str(PYTHON), "install", *options, "-r", str(lock)])


def find_uv() -> str:
    """The uv on this machine, or one of our own: it installs in a second what takes pip twenty."""
    found = shutil.which("uv")
    if found:
        return found
    if not UV.exists():
        target = ["--target", str(SCRATCH / "installer"), "--upgrade"]
        lock = ["--require-hashes", "-r", str(ROOT / "requirements-installer.txt")]
        run([*find_pip(), "install", "--quiet", "--no-cache-dir", "--no-compile", *target, *lock])
    return str(UV)


def find_pip() -> list[str]:
    """The command for pip: this Python's own, or one in a small environment of ours."""
    if has_module("pip"):
        return [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    if not has_module("ensurepip"):
        raise SetupError(
            f"{sys.executable} has no pip, and packages are installed with it. "
            "Install it (on Debian or Ubuntu: apt-get install python3-pip), then run the same command again."
        )
    own = SCRATCH / "pip"
    run([sys.executable, "-m", "venv", "--clear", str(own)])
    return [str(own / PYTHON.relative_to(VENV)), "-m", "pip", "--disable-pip-version-check"]


def has_module(name: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode == 0


def run(command: list[str], *, environment: dict[str, str] | None = None) -> None:
    answer = subprocess.run(
        command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, cwd=ROOT
    )
    if answer.returncode:
        raise SetupError(
            f"Setting up .venv failed at this command:\n  {' '.join(command)}\n"
            f"{(answer.stderr or answer.stdout).strip()[-2000:]}\n"
            "Correct what it says (is the network there? is the disk full?), then run the same command again."
        )


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
