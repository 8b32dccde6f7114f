"""Hostile bytes: requests that no HTTP library would write, sent to a real server through a socket."""

import socket
from http.client import HTTPException, HTTPResponse

from testkit.hostile.request import Hostile
from testkit.hostile.wire import ENOUGH, NO_RESPONSE, Response

PATIENCE = 10  # seconds
HOST = "Host: 127.0.0.1"
LOGIN = ("POST /api/token/ HTTP/1.1", HOST, "Content-Type: application/json")
READ = ("GET /products/ HTTP/1.1", HOST)


def request(*lines, body=b""):
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


ROWS = {
    "no HTTP at all": request("garbage"),
    "the greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40) + b"\r\n\r\n",
    "the preface of HTTP/2": request("PRI * HTTP/2.0", body=b"SM\r\n\r\n"),
    "the greeting of a proxy": request("PROXY TCP4 192.0.2.1 192.0.2.2 1 2", *READ),
    "HTTP/9.9": request("GET /products/ HTTP/9.9", HOST),
    "HTTP/x": request("GET /products/ HTTP/x", HOST),
    "a first line of 5,000 letters": request(f"GET /{'a' * 5000}/ HTTP/1.1", HOST),
    "a first line of 65,537 bytes": b"GET /".ljust(65_537, b"a"),
    "a method with a NUL": request("G\0T /products/ HTTP/1.1", HOST),
    "a method that nobody has": request("BREW /products/ HTTP/1.1", HOST),
    "an address of another host": request("GET http://elsewhere.example/products/ HTTP/1.1", HOST),
    "an address that is broken": request("GET http://[::1 HTTP/1.1", HOST),
    "an address without its slash": request("GET products/ HTTP/1.1", HOST),
    "an address of two slashes": request("GET //elsewhere.example/.. HTTP/1.1", HOST),
    "an address of raw bytes": request("GET /\xff\xfe\x01/ HTTP/1.1", HOST),
    "an address with %00 and %ff": request("GET /products/%00/?a=%ff HTTP/1.1", HOST),
    "OPTIONS *": request("OPTIONS * HTTP/1.1", HOST),
    "no Host": request("GET /products/ HTTP/1.1"),
    "two Hosts": request(*READ, "Host: elsewhere.example"),
    "200 headers": request(*READ, *(f"X-{number}: 1" for number in range(200))),
    "a token of 12,000 letters": request(*READ, f"Authorization: Bearer {'a' * 12_000}"),
    "a token of 66,000 letters": request(*READ, f"Authorization: Bearer {'a' * 66_000}"),
    "a token with a NUL": request("GET /user-orders/ HTTP/1.1", HOST, "Authorization: Bearer a\0b"),
    "a header without a colon": request(*READ, "Authorization Bearer a"),
    "a header with a space before its colon": request(*READ, "Authorization : Bearer a"),
    "a header in two lines": request(*READ, "Authorization: Bearer", " a"),
    "headers that contradict each other": request(*READ, "X-Forwarded-Proto: https", "X-Forwarded-Ssl: off"),
    "an Expect that nobody knows": request(*LOGIN, "Expect: nonsense", "Content-Length: 2", body=b"{}"),
    "a transfer that nobody knows": request(*LOGIN, "Transfer-Encoding: zip", body=b"{}"),
    "chunks": request(*LOGIN, "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n"),
    "chunks that are broken": request(*LOGIN, "Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n"),
    "chunks and a length": request(
        *LOGIN, "Content-Length: 2", "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n"
    ),
    "two lengths": request(*LOGIN, "Content-Length: 2", "Content-Length: 3", body=b"{} "),
    "a length below zero": request(*LOGIN, "Content-Length: -1", body=b"{}"),
    "a length that is a word": request(*LOGIN, "Content-Length: many", body=b"{}"),
    "a length of 5,000 digits": request(*LOGIN, f"Content-Length: {'9' * 5000}", body=b"{}"),
    "a body shorter than its length": request(*LOGIN, "Content-Length: 20", body=b"{}"),
}


def responses(url):
    """Each row as a `Hostile`, with the response of the server to it."""
    host, _, port = url.removeprefix("http://").partition(":")
    for row, sent in ROWS.items():
        yield Hostile(row, "bytes", "GET", "/"), exchange((host, int(port)), sent)


def exchange(address, sent):
    """The response, or NO_RESPONSE: silence, a reset, or something that is no HTTP."""
    with socket.create_connection(address, timeout=PATIENCE) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            with HTTPResponse(connection) as received:
                received.begin()
                headers = {name.lower(): value for name, value in received.getheaders()}
                return Response(received.status, headers, received.read(ENOUGH))
        except (OSError, HTTPException):
            return Response(NO_RESPONSE, {}, b"")
