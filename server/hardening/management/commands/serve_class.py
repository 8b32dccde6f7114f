"""A server for a whole class at once: gunicorn with the settings of gunicorn.conf.py, and waitress on Windows."""

import os
import signal
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from hardening.hashers import CORES
from hardening.management.commands.runserver import end_at_once, stop_at_end_of_input

CONFIG = Path(__file__).parents[2] / "gunicorn.conf.py"
THREADS, BACKLOG = 4, 2048  # for waitress, as for gunicorn


class Command(BaseCommand):
    help = "Serve a class in the local network, with the Token Lab."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="0.0.0.0", help="the address to listen on")  # noqa: S104 - a class must reach it
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=CORES, help="one per core")
        parser.add_argument("--stop-with-parent", action="store_true", help="End when standard input ends.")

    def handle(self, *, bind, port, workers, stop_with_parent, **options):
        if not settings.TOKEN_LAB:
            raise CommandError(
                "serve_class is for a class. Here TOKEN_LAB is off: run gunicorn drf_course.wsgi."
            )
        connections.close_all()  # a connection must not be shared by the workers, which are copies of this process
        serve, end = (
            (serve_on_windows, end_at_once) if sys.platform == "win32" else (serve_with_workers, terminate)
        )
        if stop_with_parent:
            stop_at_end_of_input(end)
        serve(bind, port, workers)


def terminate():
    """gunicorn ends its workers, and then itself."""
    os.kill(os.getpid(), signal.SIGTERM)


def serve_with_workers(bind, port, workers):
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", "--config", str(CONFIG), "--bind", f"{bind}:{port}", "--workers", str(workers)]
    sys.argv.append("drf_course.wsgi")
    run()


def serve_on_windows(bind, port, workers):
    import waitress

    from drf_course.wsgi import application

    server = waitress.create_server(
        application, host=bind, port=port, threads=workers * THREADS, backlog=BACKLOG
    )
    print(f"The class is served at http://{server.effective_host}:{server.effective_port}/", flush=True)
    server.run()
