"""The shop's server inside a browser tab: `manage.py runserver` without a socket, asked by the page's script."""

import io
import os
from http.client import HTTPResponse

import django
from in_memory import Listener

os.environ["DJANGO_SETTINGS_MODULE"] = "tab.settings"
# Django looks for a running event loop, and a tab always has one. No request here runs beside another.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


class Received:
    """What `http.client` needs to read a response."""

    def __init__(self, data):
        self.data = data

    def makefile(self, _mode):
        return io.BytesIO(self.data)


def start():
    """The server, ready for requests. A setting that cannot be used raises ImproperlyConfigured."""
    from django.core.management import call_command

    listener = Listener()
    listener.install()
    django.setup()
    call_command("runserver", "127.0.0.1:8000", use_reloader=False)
    return listener


def answer(listener, method, target, headers, body):
    """One response as the page's script takes it: status, reason, pairs of header and value, bytes."""
    body = bytes(body)
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body)}"] if body else []
    request = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
    response = HTTPResponse(Received(listener.respond(request)), method=method)
    response.begin()
    return [response.status, response.reason, response.getheaders(), response.read()]
