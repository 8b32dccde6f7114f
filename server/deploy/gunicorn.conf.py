"""gunicorn's settings in production: `gunicorn --config deploy/gunicorn.conf.py drf_course.wsgi`."""  # noqa: N999 - gunicorn's own name for it

import os

import gunicorn.util

from hardening.hashers import share_cores
from hardening.http_errors import refusal

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 4  # of each worker
timeout = 30  # seconds without a sign of life, and a worker is replaced
graceful_timeout = 30  # seconds that a request may still take when its worker is to end
keepalive = 0  # the proxy opens a connection for each request: none is closed while a request is on its way
# gunicorn believes nobody's X-Forwarded-Proto; deploy.middleware decides. It trusts whoever comes through a socket file,
# whatever addresses it is given, so there is no header that it could believe.
forwarded_allow_ips, secure_scheme_headers = "", {}
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - memory, also where the disk is read-only
control_socket_disable = True  # nobody asks it, and it would be a file in the home folder, which is read-only
loglevel = "error"  # its warnings quote what it cannot read, and that may be a token


def on_starting(server):
    share_cores(server.cfg.workers)
    gunicorn.util.write_error = refuse_in_json  # as in hardening/gunicorn.conf.py


def refuse_in_json(connection, status, _reason, _message):
    status, reason, body = refusal(status)
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    gunicorn.util.write_nonblock(connection, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
