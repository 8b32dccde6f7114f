"""The process that servers and checks are forked from: it has imported their libraries, and nothing of a tree.

Nine tenths of a server's start are imports; a fork has them done. `processes.py` starts this process and asks it.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from workshop.servers import processes
from workshop.servers.world import exit_code

# What a server or a check imports anyway.
# No module that reads Django's settings while it is imported: every fork has settings of its own.
LIBRARIES = (
    "argon2",
    "dj_database_url",
    "django.contrib.admin.templatetags.admin_list",
    "django.contrib.admindocs.views",
    "django.contrib.auth.password_validation",
    "django.contrib.sessions.middleware",
    "django.core.management.commands.makemigrations",
    "django.core.management.commands.runserver",
    "django.core.management.commands.shell",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "django.db.models.sql.compiler",
    "django.test",
    "drf_spectacular.utils",
    "jinja2",
    "jwt",
    "psycopg",
    "pytest",
    "requests",
    "rest_framework.permissions",
    "rest_framework.serializers",
    "rest_framework_simplejwt.utils",
    "uritemplate",
    "whitenoise",
    "yaml",
)

# What a fork takes over by itself, or reads later.
HERE = (
    "PYTHONBREAKPOINT",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
)


def main() -> None:
    control = socket.socket(fileno=os.dup(0))
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that asked
    own = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    installed = [place for place in sys.path[1:] if place not in own]
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()  # a collection would copy the pages that all forks share
    if program := serve(control):
        signal.signal(signal.SIGINT, interrupted)
        leave(run(installed, program))


def run(installed: list[str], program: dict) -> int:
    """The exit code of the program, once it has ended."""
    try:
        become(installed=installed, **program)
    except SystemExit as end:
        return exit_code(end, sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def leave(code: int) -> NoReturn:
    """End as an interpreter does, but leave the libraries where they are: to free them touches every page that forks share."""
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # closed already, or nobody reads any more
            stream.flush()
    os._exit(code)


def serve(control: socket.socket) -> dict | None:
    """Fork at every request. In a fork it gives the program to become; in the seed, None when nobody can ask any more."""
    running: dict[int, tuple[int, socket.socket]] = {}  # by the descriptor of a process
    while True:
        for ready in select.select([control, *running], [], [])[0]:
            if ready in running:
                report_end(ready, *running.pop(ready))
                continue
            asked, files, _flags, _address = socket.recv_fds(control, processes.LONGEST, 4)
            if not asked:
                return None
            pid = os.fork()
            if not pid:
                control.detach()
                return take_over(json.loads(asked), files)
            running[os.pidfd_open(pid)] = pid, socket.socket(fileno=files.pop())
            for file in files:
                os.close(file)
            control.send(str(pid).encode())


def report_end(process: int, pid: int, end: socket.socket) -> None:
    """Send the exit code, negative after a signal, as `subprocess` has it."""
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(process)
    with end, contextlib.suppress(BrokenPipeError):
        end.send(str(code).encode())


def take_over(program: dict, files: list[int]) -> dict:
    """In the fork: input, output and errors are the files given, and nothing else stays open."""
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    return program


def become(*, arguments: list[str], cwd: str, env: dict[str, str], alone: bool, installed: list[str]) -> None:
    """Run `python ...` as a new interpreter would; `alone`, in a session of its own with a seed of its own."""
    os.chdir(cwd)
    configured = interpreter(env) != interpreter(os.environ)
    os.environ.clear()
    os.environ.update(env)
    if alone:
        os.setsid()
        if program := inherited_seed():
            return become(installed=installed, **program)
    script = Path(arguments[0])
    if script.suffix and (configured or hides_a_library(script.parent)):
        os.execve(sys.executable, [sys.executable, *arguments], env)  # noqa: S606 - no shell
    sys.dont_write_bytecode = bool(env.get("PYTHONDONTWRITEBYTECODE"))
    places = [place for place in env.get("PYTHONPATH", "").split(os.pathsep) if place]
    sys.path[:] = [str(script.parent) if script.suffix else cwd, *places, *installed]
    if arguments[0] == "-m":
        sys.argv = ["", *arguments[2:]]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(str(script), run_name="__main__")


def inherited_seed() -> dict | None:
    """Leave a fork behind that forks in its turn. In its forks this gives the program to become."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork():
        theirs.close()
        processes.SEED = ours
        return None
    ours.close()
    program = serve(theirs)
    return program or sys.exit()


def interpreter(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that Python reads once, at its start: with others than the seed's, a program starts anew."""
    return {
        name: value for name, value in variables.items() if name.startswith("PYTHON") and name not in HERE
    }


def hides_a_library(folder: Path) -> bool:
    """Whether a file there has the name of something imported already, which a new interpreter would take instead."""
    return any(path.stem in sys.modules for path in folder.iterdir())


if __name__ == "__main__":
    main()
