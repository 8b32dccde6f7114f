"""Requests to the server in this process, through WSGI as a real server would hand them over."""

import io
import itertools
import json
from dataclasses import dataclass

NO_ANSWER = 599  # Django itself failed while it wrote the page of its 500
ENOUGH = 20_000  # bytes of an answer: what is judged stands at its beginning


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        """What a JSON answer holds; None for anything else."""
        if not self.headers.get("content-type", "").startswith(("application/json", "application/vnd.oai")):
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def sentence(self):
        """What a JSON answer says, as text; None for anything else."""
        found = self.json()
        return str(found.get("detail") or found) if isinstance(found, dict) else found and str(found)

    def code(self):
        """The word for programs that stands beside the sentence, or None."""
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
        """The answer, whatever it is. An error that leaves the application is an answer, too: NO_ANSWER."""
        try:
            return self.exchange(hostile)
        except Exception:
            return Answer(NO_ANSWER, {}, b"")

    def exchange(self, hostile):
        answer = {}

        def start_response(status, headers, exc_info=None):
            answer["status"], answer["headers"] = status, headers

        chunks = self.application(self.environ(hostile), start_response)
        try:
            body = b"".join(chunks)[:ENOUGH] if hostile.method != "HEAD" else b""
        finally:
            getattr(chunks, "close", lambda: None)()
        headers = {name.lower(): value for name, value in answer["headers"]}
        return Answer(int(answer["status"].split()[0]), headers, body)

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
