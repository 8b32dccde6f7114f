"""gunicorn's settings for a class: `gunicorn --config hardening/gunicorn.conf.py drf_course.wsgi`."""  # noqa: N999 - gunicorn's own name for it

import socket

import gunicorn.util

from hardening.hashers import CORES, share_cores
from hardening.http_errors import refusal

# Linux: a connection that says nothing yet reaches no worker.
KERNEL_WAITS = hasattr(socket, "TCP_DEFER_ACCEPT")
SILENCE = 300  # seconds

worker_class = "gthread"
workers = CORES
threads = 4  # of each worker, so that somebody's slow network holds up nobody else
# Of each worker, too. Further ones wait for the worker that is free first; accepted by one worker, they would wait
# for that one while another has nothing to do. Where silent connections reach a worker, so few would soon be taken.
worker_connections = 2 * threads if KERNEL_WAITS else 1_000
backlog = 2048  # as many may connect at one moment
preload_app = True  # the workers share what is loaded before they are made
graceful_timeout = 2
control_socket_disable = True  # nobody asks it, and it would be a file in the home folder
loglevel = "error"  # its warnings quote what it cannot read, and that may be a token


def on_starting(server):
    share_cores(server.cfg.workers)
    gunicorn.util.write_error = (
        refuse_in_json  # a patch: gunicorn has no setting for the page, which repeats the request
    )


def when_ready(server):
    listener = server.LISTENERS[0].sock
    if KERNEL_WAITS:
        # Browsers open connections before they need them. Each would keep a thread waiting for five seconds.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENCE)
    host, port = listener.getsockname()[:2]
    print(f"The class is served at http://{host}:{port}/", flush=True)


def refuse_in_json(connection, status, _reason, _message):
    status, reason, body = refusal(status)
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    gunicorn.util.write_nonblock(connection, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
