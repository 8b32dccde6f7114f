"""A client as light as can be: it shares the cores with the server that is measured."""

import json
import socket
import ssl

# A proxy replaces this header; past a proxy, a server in production redirects without it.
ENCRYPTED = "X-Forwarded-Proto: https\r\n"
TLS = (
    ssl.create_default_context()
)  # whoever starts a shop has its authority trusted: TLS.load_verify_locations(...)


class Client:
    """One connection, kept as long as the server keeps it. A response is its status and its body."""

    def __init__(self, url):
        scheme, _, address = url.partition("://")
        host, _, port = address.partition(":")
        self.address, self.encrypted = (host, int(port)), scheme == "https"
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def get(self, path, access=None):
        header = f"Authorization: Bearer {access}\r\n" if access else ""
        return self.send(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{ENCRYPTED}{header}\r\n".encode())

    def post(self, path, fields):
        body = json.dumps(fields)
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{ENCRYPTED}Content-Type: application/json\r\n"
        return self.send(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())

    def send(self, request):
        """The status and the body of the response. A connection that was kept and is gone is opened once more."""
        kept = self.connection is not None
        try:
            return self.exchange(request)
        except ConnectionError:
            self.close()
            if not kept:
                raise
            return self.exchange(request)

    def exchange(self, request):
        if self.connection is None:
            self.connection = socket.create_connection(self.address, timeout=120)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.encrypted:
                self.connection = TLS.wrap_socket(self.connection, server_hostname=self.address[0])
        self.connection.sendall(request)
        head, body = self.receive()
        if b"\r\nconnection: close" in head:
            self.close()
        return int(head.split(None, 2)[1]), body

    def receive(self):
        """The head, in small letters, and the body, as long as the head says."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.more()
        head, _, body = received.partition(b"\r\n\r\n")
        head = head.lower()
        length = int(head.partition(b"\r\ncontent-length:")[2].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self.more()
        return head, body

    def more(self):
        chunk = self.connection.recv(65_536)
        if not chunk:
            raise ConnectionResetError("the server closed the connection")
        return chunk

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
