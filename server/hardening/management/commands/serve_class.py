"""A server for a whole class at once: gunicorn, and waitress on Windows."""

import os
import signal
import socket
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.backends.signals import connection_created

from hardening.hashers import CORES, share_cores
from hardening.management.commands.runserver import stop_at_end_of_input
from hardening.static_files import StaticFiles
from hardening.unreadable import refusal

THREADS = 4  # of each worker, so that somebody's slow network holds up nobody else
# Linux: a connection that says nothing yet reaches no worker.
KERNEL_WAITS = hasattr(socket, "TCP_DEFER_ACCEPT")
# Of each worker, too. What is more waits for the worker that is free first; kept by one worker, it would wait for
# that one while another has nothing to do. Where silent connections reach a worker, so few would soon be taken.
CONNECTIONS = 2 * THREADS if KERNEL_WAITS else 1_000
BACKLOG = 2048  # as many may knock at one moment
SILENCE = 300  # seconds


class Command(BaseCommand):
    help = "Serve a class in the local network, with the Token Lab."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="0.0.0.0", help="the address to listen on")  # noqa: S104 - a class must reach it
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=CORES, help="one per core")
        parser.add_argument("--stop-with-parent", action="store_true", help="End when standard input ends.")

    def handle(self, *args, **options):
        if not settings.TOKEN_LAB:
            raise CommandError(
                "serve_class is for a class. Here TOKEN_LAB is off: run gunicorn drf_course.wsgi."
            )
        # As runserver does, so that the pages find their scripts and styles.
        application = StaticFiles(get_wsgi_application())
        connection_created.connect(forget_queries)
        connections.close_all()  # a connection must not be shared by the workers, which are copies of this process
        serve = serve_on_windows if sys.platform == "win32" else serve_with_workers
        serve(application, self.say_ready, **options)

    def say_ready(self, host, port):
        self.stdout.write(f"The class is served at http://{host}:{port}/")
        self.stdout.flush()


def serve_with_workers(application, say_ready, *, bind, port, workers, stop_with_parent, **_options):
    from gunicorn import util
    from gunicorn.app.base import BaseApplication

    share_cores(workers)
    util.write_error = refuse_in_json  # gunicorn has no setting for it

    def when_ready(arbiter):
        listener = arbiter.LISTENERS[0]
        let_the_kernel_wait(listener.sock)
        if stop_with_parent:
            stop_at_end_of_input(lambda: os.kill(os.getpid(), signal.SIGTERM))
        say_ready(*listener.sock.getsockname()[:2])

    class ClassServer(BaseApplication):
        def load_config(self):
            values = {
                "bind": f"{bind}:{port}",
                "workers": workers,
                "worker_class": "gthread",
                "threads": THREADS,
                "backlog": BACKLOG,
                "worker_connections": CONNECTIONS,
                "preload_app": True,  # the workers share what is loaded before they are made
                "graceful_timeout": 2,
                "loglevel": "error",  # its warnings quote what it cannot read, and that may be a token
                "when_ready": when_ready,
            }
            for name, value in values.items():
                self.cfg.set(name, value)

        def load(self):
            return application

    ClassServer().run()


def forget_queries(connection, **_signal):
    """With DEBUG, Django keeps the text of each query, and asks SQLite to quote its parameters. Nobody reads them here."""
    connection.make_debug_cursor = connection.make_cursor


def refuse_in_json(connection, status, _reason, _message):
    """Stands in for gunicorn's page, which would repeat a part of the request."""
    from gunicorn.util import write_nonblock

    status, reason, body = refusal(status)
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    write_nonblock(connection, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())


def let_the_kernel_wait(listener):
    """Hand a connection over when its first bytes are there, where the system (Linux) can do that.

    Browsers open connections before they need them. Each would keep a thread waiting for five seconds.
    """
    if KERNEL_WAITS:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENCE)


def serve_on_windows(application, say_ready, *, bind, port, workers, stop_with_parent, **_options):
    import waitress

    server = waitress.create_server(
        application, host=bind, port=port, threads=workers * THREADS, backlog=BACKLOG
    )
    if stop_with_parent:
        stop_at_end_of_input()
    say_ready(server.effective_host, server.effective_port)
    server.run()
