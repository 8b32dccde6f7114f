"""Django's development server, with room for a class and able to end with the program that started it."""

import errno
import os
import threading

from django.core.management.commands.runserver import Command as DjangoRunserver
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer

from hardening.http_errors import refusal


class JsonRequestHandler(WSGIRequestHandler):
    """Rejects in JSON what it cannot read, and sends the head of a response in one piece."""

    # A server that ends between two pieces would leave half a head, which Chromium takes for a response of plain text.
    wbufsize = -1
    # On a kept connection, the second of two pieces would wait 44 ms for the first to be acknowledged.
    disable_nagle_algorithm = True
    error_content_type = "application/json"
    default_request_version = (
        "HTTP/1.0"  # with 0.9, the response to a broken first line would have no headers
    )

    def handle_one_request(self):
        super().handle_one_request()
        self.wfile.flush()  # after HEAD there is nothing but a head, which nobody sent yet

    def send_error(self, code, message=None, explain=None):
        self.requestline = "an unreadable request"  # for the log: the line may hold a token
        status, _, body = refusal(code)
        self.error_message_format = body.replace("%", "%%")
        super().send_error(status)


class ClassServer(WSGIServer):
    """Django's server with a queue long enough for a class."""

    # With Django's 10, some of thirty students who log in together get a connection reset.
    request_queue_size = 128

    def __init__(self, *args, **kwargs):
        # On Windows this option would let a second server take the same port without an error.
        super().__init__(*args, allow_reuse_address=os.name != "nt", **kwargs)
        self.RequestHandlerClass = JsonRequestHandler  # Django passes its own

    def server_bind(self):
        try:
            super().server_bind()
        except (OSError, OverflowError) as error:
            raise OSError(bind_fault(error, self.server_address)) from None


def bind_fault(error, server_address):
    """A sentence that says why the server cannot listen there, and what to do."""
    host, port, *_ = server_address
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return f"Port {port} is taken. Stop the program that has it, or take a free port: runserver {host}:0"
    reason = getattr(error, "strerror", None) or "a port is a number from 0 to 65535"
    return f"The server cannot listen on {host}, port {port}: {reason}. Try: runserver 127.0.0.1:0"


def end_at_once():
    os._exit(0)  # sys.exit() would end one thread only


def stop_at_end_of_input(end=end_at_once):
    """End this process when standard input ends, as it does on every system when the other side dies."""
    threading.Thread(target=_read_to_the_end, args=(end,), name="stop-with-parent", daemon=True).start()


def _read_to_the_end(end):
    try:
        # Not sys.stdin.read(): its lock, held by a daemon thread, would make a normal exit crash.
        while os.read(0, 1024):
            pass
    except OSError:
        pass  # there is no standard input: nobody holds it
    end()


class Command(DjangoRunserver):
    # Without the static files' own handler around the application: hardening/urls.py serves them.

    server_cls = ClassServer

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="End when standard input ends, so that the server never outlives the program that started it.",
        )

    def inner_run(self, *args, **options):
        # Under the autoreloader this is the inner process; the outer one ends when it sees this one end.
        # A server inside its parent's own process, as in a browser's tab, ends with it in any case.
        if options["stop_with_parent"] and "WORKSHOP_IN_PARENT" not in os.environ:
            stop_at_end_of_input()
        super().inner_run(*args, **options)

    def on_bind(self, server_port):
        super().on_bind(server_port)
        self.stdout.flush()  # a program that reads this output waits for the port
