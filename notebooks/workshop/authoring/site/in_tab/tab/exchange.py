"""A request of the page's script to a server in this tab, and the response as that script takes it."""

import io
from http.client import HTTPResponse


class Received:
    """What `http.client` needs to read a response."""

    def __init__(self, data):
        self.data = data

    def makefile(self, _mode):
        return io.BytesIO(self.data)


def answer(respond, method, target, headers, body):
    """Status, reason, pairs of header and value, bytes. `respond` gives a whole response to a whole request."""
    body = bytes(body)
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body)}"] if body else []
    request = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
    response = HTTPResponse(Received(respond(request)), method=method)
    response.begin()
    return [response.status, response.reason, response.getheaders(), response.read()]
