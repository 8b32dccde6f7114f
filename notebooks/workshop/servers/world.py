"""One configuration of Django inside this process: its modules, environment, loggers and output are apart from all others."""

import contextlib
import functools
import gc
import logging
import os
import runpy
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any, ClassVar, TextIO

from .. import paths

# Packages that keep what they read of the settings when they are imported. Every world imports them for itself.
FRAMEWORKS = {"django", "drf_spectacular", "drf_spectacular_sidecar", "jwt", "rest_framework"}
FRAMEWORKS |= {"rest_framework_simplejwt", "whitenoise"}
LOCK = threading.RLock()  # one world at a time: they take turns in sys.modules


class World:
    """Runs the `manage.py` of a tree with these environment variables, as a process of its own would."""

    def __init__(
        self, tree: Path, variables: dict[str, str], out: TextIO, err: TextIO, folder: Path | None = None
    ):
        self.tree, self.out, self.err, self.folder = tree, out, err, folder or tree
        # A notebook always has a running event loop, and Django would refuse its database.
        self.variables = variables | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        self.path = [str(tree), *filter(None, variables.get("PYTHONPATH", "").split(os.pathsep))]
        self.names = FRAMEWORKS | {"trial", "tab"} | modules_in(tree) | modules_in(paths.SERVER)
        self.modules: dict[str, Any] = {}
        self.loggers: dict[str, Any] = {}

    def manage(self, arguments: list[str]) -> int:
        """Run the command to its end. Gives its exit code; what it says goes to the world's output."""
        forget_folder(self.tree)
        with self.entered(), uncollected(), replaced(sys, argv=["manage.py", *arguments]):
            try:
                runpy.run_path(str(self.tree / "manage.py"), run_name="__main__")
            except SystemExit as end:
                return exit_code(end, self.err)
            except BaseException:
                traceback.print_exc(file=self.err)
                return 1
        return 0

    def close(self) -> None:
        """Give back the database connections, if it came so far that it could have any."""
        with self.entered():
            if "django.db" in sys.modules and sys.modules["django.conf"].settings.configured:
                sys.modules["django.db"].connections.close_all()

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Within the block this process is the world."""
        with LOCK, self._place(), self._environment():
            modules = swapped(sys.modules, self.names, self.modules)
            loggers = swapped(logging.Logger.manager.loggerDict, self.names, self.loggers)
            try:
                yield
            finally:
                self.modules = swapped(sys.modules, self.names, modules)
                self.loggers = swapped(logging.Logger.manager.loggerDict, self.names, loggers)

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        """Where the world runs, imports from and prints to."""
        silent = "PYTHONDONTWRITEBYTECODE" in self.variables
        place = Path.cwd()
        with (
            replaced(sys, stdout=self.out, stderr=self.err, dont_write_bytecode=silent),
            replaced(sys, path=[*self.path, *sys.path], meta_path=[Remembered, *sys.meta_path]),
        ):
            os.chdir(self.folder)
            try:
                yield
            finally:
                os.chdir(place)

    @contextlib.contextmanager
    def _environment(self) -> Iterator[None]:
        """Its environment variables, with what it changed of them itself."""
        outside = dict(os.environ)
        become(self.variables)
        try:
            yield
        finally:
            self.variables = dict(os.environ)
            become(outside)


class Remembered:
    """Finds the modules inside the frameworks where an earlier world found them, their code read already: a third of a start."""

    specs: ClassVar[dict[tuple[str, ...], ModuleSpec | None]] = {}

    @classmethod
    def find_spec(
        cls, name: str, path: Sequence[str] | None = None, _target: object = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in FRAMEWORKS or path is None:
            return None
        key = (name, *path)
        if key not in cls.specs:
            cls.specs[key] = spec = PathFinder.find_spec(name, path)
            if spec and spec.loader:
                spec.loader.get_code = functools.cache(spec.loader.get_code)
        return cls.specs[key]


def forget_folder(folder: Path) -> None:
    """Look for modules in this folder and below it anew: a learner may have written some since."""
    for place in [place for place in sys.path_importer_cache if Path(place).is_relative_to(folder)]:
        del sys.path_importer_cache[place]


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Nothing is collected within the block. What it imports stays, and to look through all of it takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def modules_in(folder: Path) -> set[str]:
    """The names of the modules and packages in a folder."""
    files = {path.stem for path in folder.glob("*.py")}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def swapped(table: dict[str, Any], names: set[str], inside: dict[str, Any]) -> dict[str, Any]:
    """Put entries into a table in the place of those whose first word is one of the names. Gives these."""
    outside = {key: table[key] for key in list(table) if key.partition(".")[0] in names}
    for key in outside:
        del table[key]
    table.update(inside)
    return outside


@contextlib.contextmanager
def replaced(owner: Any, **values: Any) -> Iterator[None]:
    """Within the block, these attributes have other values."""
    before = {name: getattr(owner, name) for name in values}
    for name, value in values.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


def become(variables: dict[str, str]) -> None:
    """Let the environment of this process be exactly these variables."""
    zone = os.environ.get("TZ")
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in variables.items() if os.environ.get(name) != value})
    if os.environ.get("TZ") != zone and hasattr(time, "tzset"):  # Django sets the zone of its process
        time.tzset()


def exit_code(end: SystemExit, err: TextIO) -> int:
    """The exit code of a program that ended so; what is no number is said, as Python does."""
    if not isinstance(end.code, int | None):
        print(end.code, file=err)
        return 1
    return end.code or 0
