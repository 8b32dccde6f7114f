"""Real servers, each in processes of its own. They end with the block that started them, and with this process."""

import os
import re
import subprocess
import sys
import threading
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

SERVER = Path(__file__).resolve().parent.parent

OURS = "hardening.settings"
STOCK = "drf_course.settings"
DJANGOS_OWN_RUNSERVER = (STOCK, "testkit.hostile.stock")

CONFIGURES_THE_SERVER = ("DJANGO_", "JWT_", "DATABASE_URL", "SHOP_URL", "TOKEN_LAB")
MANAGE = [sys.executable, "manage.py"]
RUNSERVER = [*MANAGE, "runserver", "--noreload", "127.0.0.1:0"]
OUR_RUNSERVER = [*RUNSERVER, "--stop-with-parent"]
CLASS_SERVER = [*MANAGE, "serve_class", "--bind", "127.0.0.1", "--port", "0", "--stop-with-parent"]
# As gunicorn's own page says to start it.
GUNICORN = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "drf_course.wsgi"]
IN_CLASS = {"DJANGO_DEBUG": "0", "TOKEN_LAB": "1"}
PATIENCE = 20  # seconds for a server to end


def environment(**variables):
    """This process's environment with nothing in it that configures the server, and then `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(CONFIGURES_THE_SERVER)}
    return kept | variables


def start(command, *, folder=SERVER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **variables):
    """A process in the server's folder, or in another. Its input is a pipe that ends when this process does."""
    # Into a pipe, Django's own runserver would keep its address to itself.
    run = environment(PYTHONUNBUFFERED="1", **variables)
    return subprocess.Popen(
        command, cwd=folder, env=run, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, text=True
    )


def watched(signal, command, user=""):
    """A command that gets this signal when its standard input ends, for programs that do not watch it themselves."""
    return [sys.executable, "-m", "testkit.watched", signal, user or "", *command]


def run(command, *, timeout=120, **variables):
    """A finished process in the server's folder: its exit code, its output and its errors."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=SERVER,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def read_address(process):
    """The server's address without the last slash, as it prints it when it is ready."""
    for line in process.stdout:
        if found := re.search(r"http://[\w.:]+", line):
            return found[0]
    raise RuntimeError("The server ended before it printed its address. Start it by hand to see why.")


@contextmanager
def running(command, *, log=None, stderr=None, **variables):
    """A server on a free port: its `url`, its `process` and its `log`, the file that its errors go to."""
    with (
        Path(log or os.devnull).open("w") as errors,
        start(command, stderr=stderr or errors, **variables) as process,
    ):
        try:
            address = read_address(process)
            threading.Thread(
                target=deque, args=(process.stdout, 0), daemon=True
            ).start()  # a full pipe blocks it
            yield SimpleNamespace(url=address, process=process, log=log)
        finally:
            end(process)


def end(process):
    """End a process by ending its input. One that stays is killed, and is a failure."""
    process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def runserver(settings, database, **more):
    """`manage.py runserver` with these settings on this database: ours, or Django's own."""
    command = watched("SIGTERM", RUNSERVER) if settings in DJANGOS_OWN_RUNSERVER else OUR_RUNSERVER
    variables = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": settings}
    return running(command, **(variables | more))


def class_server(database, *, settings=OURS, **more):
    """The server of `make class`: with the Token Lab, and without Django's pages for developers."""
    variables = IN_CLASS | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": settings}
    return running(CLASS_SERVER, **(variables | more))


def stock_gunicorn(database, *, settings=STOCK, workers=None, **more):
    """gunicorn with the shop's own settings. It prints its address among its errors."""
    command = watched("SIGTERM", [*GUNICORN, "--workers", str(workers or os.cpu_count())])
    variables = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": settings}
    return running(command, stderr=subprocess.STDOUT, **(variables | more))
