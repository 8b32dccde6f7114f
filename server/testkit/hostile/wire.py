"""Requests to the server in this process, through WSGI as a real server would hand them over."""

import io
import itertools
import json
from dataclasses import dataclass

NO_RESPONSE = 599  # Django itself failed while it wrote the page of its 500
ENOUGH = 20_000  # bytes of a response: what is judged is at its beginning


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        """The decoded body of a JSON response; None for any other."""
        if not self.headers.get("content-type", "").startswith(("application/json", "application/vnd.oai")):
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def sentence(self):
        """What a JSON response says, as text; None for any other."""
        found = self.json()
        return str(found.get("detail") or found) if isinstance(found, dict) else found and str(found)

    def reason(self):
        """The one sentence that says most: why the token was refused, or what is wrong with a field."""
        found = self.json()
        if not isinstance(found, dict):
            return None
        if found.get("messages"):
            return found["messages"][0]["message"]
        return found.get("detail") or next(
            (value[0] for value in found.values() if isinstance(value, list)), None
        )

    def code(self):
        """The word for programs beside the sentence, or None."""
        found = self.json()
        return found.get("code") if isinstance(found, dict) else None


def from_many_addresses(application):
    """The application, to which each request comes from another address: none is throttled for another's failures."""
    numbers = itertools.count()

    def wrapped(environ, start_response):
        number = next(numbers)
        environ["REMOTE_ADDR"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        return application(environ, start_response)

    return wrapped


class Wire:
    """Sends `Hostile` requests to a WSGI application."""

    def __init__(self, application):
        self.application = from_many_addresses(application)

    def send(self, hostile):
        """The response, whatever it is. An error that leaves the application counts as one, too: NO_RESPONSE."""
        try:
            return self.exchange(hostile)
        except Exception:
            return Response(NO_RESPONSE, {}, b"")

    def exchange(self, hostile):
        head = {}

        def start_response(status, headers, exc_info=None):
            head["status"], head["headers"] = status, headers

        chunks = self.application(self.environ(hostile), start_response)
        try:
            body = b"".join(chunks)[:ENOUGH] if hostile.method != "HEAD" else b""
        finally:
            getattr(chunks, "close", lambda: None)()
        headers = {name.lower(): value for name, value in head["headers"]}
        return Response(int(head["status"].split()[0]), headers, body)

    def environ(self, hostile):
        return {
            "REQUEST_METHOD": hostile.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": hostile.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(hostile.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(hostile.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        } | hostile.headers
