"""The notebooks in the tab: JupyterLite with everything it needs beside it, and the workshop as one package of its Python."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from ... import paths
from ...errors import WorkshopError
from ...learner import manifest
from . import archives, prepared, try_it

# What a kernel and the checks import besides the shop. jedi, which completes names, would be as large as all of these.
KERNEL = (
    *("ipython", "traitlets", "matplotlib-inline", "prompt_toolkit", "wcwidth", "pygments", "comm"),
    *("stack_data", "executing", "asttokens", "pure_eval", "ipython_pygments_lexers"),
    *("requests", "urllib3", "idna", "certifi", "charset-normalizer"),
    *("rich", "markdown-it-py", "mdurl", "pytest", "pluggy", "iniconfig", "packaging"),
)
ROOM = "jwt_workshop"  # the package's folder
HOME = f"/lib/python3.14/site-packages/{ROOM}"  # where Pyodide puts it
ENVIRONMENT = {
    "PYTHONPATH": f"{HOME}/{archives.PACKAGES}:{HOME}/notebooks:{HOME}/server",
    "WORKSHOP_WORK": "/home/pyodide/work",
    "WORKSHOP_KEPT_IN": "/drive/work.zip",  # in the browser's storage, and in JupyterLite's list of files
    "WORKSHOP_SETTINGS": "tab.settings",
    "HOME": "/home/pyodide",
    "COLUMNS": "80",
}
# What JupyterLite's kernel would fetch one by one. Here each is a part of the one package.
PARTS = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
APPS = ("lab", "notebooks")
EXTENSION = "@jupyterlite/pyodide-kernel-extension"


def build_notebooks(out: Path, more: dict[str, str] | None = None) -> Path:
    """Build JupyterLite into `out`, with every notebook and the workshop's package; `more` are other files by name."""
    with tempfile.TemporaryDirectory() as folder:
        contents = Path(folder) / "contents"
        copy_notebooks(contents)
        for name, text in (more or {}).items():
            (contents / name).write_text(text, encoding="utf-8")
        run_jupyterlite(Path(folder), contents, out)
    add_our_scripts(out)
    runtime = out / "static/pyodide"
    try_it.copy_runtime(runtime)
    bundled = out / f"extensions/{EXTENSION}/static/pypi"
    wheel = runtime / "jwt_workshop-0-py3-none-any.whl"
    workshop(wheel, bundled)
    shutil.rmtree(bundled)
    write_lock(runtime, wheel)
    configure(out / "jupyter-lite.json")
    return out


def copy_notebooks(contents: Path) -> None:
    """The notebooks as a learner gets them; JupyterLite keeps what is changed in the browser's storage."""
    contents.mkdir()
    for step in manifest.steps():
        for notebook in step.notebooks:
            shutil.copy(notebook, contents)


def run_jupyterlite(folder: Path, contents: Path, out: Path) -> None:
    options = ["--contents", str(contents), "--output-dir", str(out)]
    options += [word for app in APPS for word in ("--apps", app)]
    command = [sys.executable, "-m", "jupyterlite_core.app", "build", "--no-sourcemaps", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise WorkshopError(f"JupyterLite could not be built. It said:\n{done.stderr.strip()[-2000:]}")


def add_our_scripts(out: Path) -> None:
    """Let a browser that is too old say so, and lead the links of the notebooks to the lessons of the site."""
    shutil.copytree(Path(__file__).with_name("lab_page"), out, dirs_exist_ok=True)
    scripts = '<script src="../able.js"></script><script src="../links.js" type="module"></script>'
    for app in APPS:
        page = out / app / "index.html"
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace("<head>", f"<head>{scripts}", 1), encoding="utf-8")


def workshop(wheel: Path, bundled: Path) -> None:
    """The workshop, the shop and their packages as one wheel, which Pyodide unpacks. `bundled` holds JupyterLite's own."""
    place = f"{ROOM}/{archives.PACKAGES}"
    with zipfile.ZipFile(wheel, "w") as archive:
        archives.packages(archive, (*archives.SHOP, *KERNEL), place)
        for name in ("pyodide_kernel", "ipykernel"):
            archives.unpacked(archive, next(bundled.glob(f"{name}-*.whl")), place)
        for folder in (prepared.IN_TAB, Path(__file__).with_name("in_kernel")):
            archives.folder(archive, folder, place)
        archives.clone(archive, "server", "notebooks/workshop", "requirements.txt", into=ROOM)
        archives.clone(archive, *solutions(), into=ROOM)
        name_notebooks(archive)
        prepared.patched(archive, ROOM)
        prepared.databases(archive, ROOM)
        describe(archive, "jwt-workshop")
    archives.precompile(wheel, str(Path(HOME).parent), place, beside=[f"{ROOM}/notebooks", f"{ROOM}/server"])


def name_notebooks(archive: zipfile.ZipFile) -> None:
    """Put in the notebooks without their contents: a step asks which parts it has, and JupyterLite holds them."""
    for step in manifest.steps():
        for notebook in step.notebooks:
            archive.writestr(f"{ROOM}/{notebook.relative_to(paths.ROOT).as_posix()}", "")


def solutions() -> list[str]:
    """What a learner's commands read of the steps: not the solved notebooks, nor the other right answers."""
    names = ("step.toml", "checks.py", "start", "answer", "given", "given.patch", "wrong")
    places = [step.folder / name for step in manifest.steps() for name in names]
    return [path.relative_to(paths.ROOT).as_posix() for path in places if path.exists()]


def write_lock(runtime: Path, wheel: Path) -> None:
    """Tell Pyodide of the package, and that whatever JupyterLite asks for besides is there with it."""
    file = runtime / "pyodide-lock.json"
    lock = json.loads(file.read_text(encoding="utf-8"))
    lock["packages"] = {"jwt-workshop": entry("jwt-workshop", wheel)}
    for name in PARTS:
        part = runtime / f"{name.replace('-', '_')}-0-py3-none-any.whl"
        with zipfile.ZipFile(part, "w") as archive:
            describe(archive, name)
        lock["packages"][name] = entry(name, part) | {"depends": ["jwt-workshop"]}
    file.write_text(json.dumps(lock), encoding="utf-8")


def entry(name: str, wheel: Path) -> dict:
    """A package as Pyodide's lock describes it."""
    return {
        "name": name,
        "version": "0",
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [],
        "depends": [],
        "unvendored_tests": False,
    }


def describe(archive: zipfile.ZipFile, name: str) -> None:
    """Put in what makes an archive a wheel."""
    place = f"{name.replace('-', '_')}-0.dist-info"
    archive.writestr(f"{place}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n")
    archive.writestr(f"{place}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    archive.writestr(f"{place}/RECORD", "")


def configure(file: Path) -> None:
    """Let JupyterLite's kernel take Python from beside it, with the workshop in it."""
    configuration = json.loads(file.read_text(encoding="utf-8"))
    data = configuration["jupyter-config-data"]
    data["settingsOverrides"] = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
    plugins = data.setdefault("litePluginSettings", {})
    options = {"packages": [*PARTS, "jwt-workshop"], "env": ENVIRONMENT}
    plugins[f"{EXTENSION}:kernel"] = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": options,
    }
    file.write_text(json.dumps(configuration, indent=2), encoding="utf-8")
