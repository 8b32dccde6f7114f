"""The matrix of attacks and servers: every attack of step 10 on the server with its hole, and on a server of the learner's tree."""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import jwt
import requests

from ..expect import answer
from ..servers.live_server import LiveServer
from ..servers.vulnerable import vulnerable
from ..setup import chromium
from . import learner_module, manifest, tree

STEM = "10_attacks"
MODULES = ("attacks", "more_attacks")  # in client/: what the learner writes, and what is given
OURS = "/user-orders/"
INVALID = (401, "Token is invalid")
NOTHING_FOUND = (401, "Authentication credentials were not provided.")  # the attacker comes without a token
AT_ONCE = 2  # rows: a class's machines have two cores
Answer = tuple[int, str | None]


class Row(NamedTuple):
    """An attack: the name of its function and of the hole, what it does in words, how it is to be refused, and whether it
    needs a browser.
    """

    name: str
    says: str
    refused: Answer = INVALID
    in_browser: bool = False


ROWS = (
    Row("alg_none", "alg none, in every spelling"),
    Row(
        "weak_key",
        "a weak key, found from one token",
        (403, "You do not have permission to perform this action."),
    ),
    Row("confused_algorithm", "the public key as a secret"),
    Row("kid_as_path", "kid as a path"),
    Row("kid_as_sql", "kid as SQL"),
    Row("jwk", "a key in the header (jwk)"),
    Row("jku", "a key at an address (jku)"),
    Row("edited_payload", "an edited payload"),
    Row("other_service", "a token of another service"),
    Row("refresh_as_access", "a refresh token as access", (401, "Token has wrong type")),
    Row("expired", "a token of yesterday", (401, "Token is expired")),
    Row("token_in_log", "a token from the log", NOTHING_FOUND),
    Row("local_storage", "a script reads localStorage", NOTHING_FOUND, in_browser=True),
    Row("cookie", "a script uses an HttpOnly cookie", NOTHING_FOUND, in_browser=True),
)


class Cell(NamedTuple):
    """What an attack got from the vulnerable server and from yours, and what an honest client gets from yours."""

    hit: Answer
    refused: Answer
    honest: Answer


@dataclass(repr=False)
class AttackMatrix:
    """`run` fills it; it draws itself as text, in words and signs."""

    cells: dict[Row, Cell] = field(default_factory=dict)

    def run(self, place: Path, rows: Iterable[Row] = ROWS) -> "AttackMatrix":
        """Attack with the functions of the tree's client/. A function that is not written yet leaves its row out.

        So does a browser that is not there.
        """
        functions = attacks_of(place)
        known = [row for row in rows if row.name in functions and can_run(row)]
        with Servers(place) as servers, ThreadPoolExecutor(AT_ONCE) as pool:
            cells = pool.map(lambda row: servers.cell(row, functions[row.name]), known)
            self.cells |= dict(zip(known, cells, strict=True))
        return self

    def broken(self) -> list[str]:
        """A sentence for each cell that is not as promised; none when all are."""
        promised = {row: Cell((200, None), row.refused, (200, None)) for row in self.cells}
        return [
            f"{row.name}: {name} is {getattr(cell, name)}, and not {getattr(promised[row], name)}"
            for row, cell in self.cells.items()
            for name in Cell._fields
            if getattr(cell, name) != getattr(promised[row], name)
        ]

    def text(self) -> str:
        lines = [f"{'attack':<33}{'vulnerable':<12}{'honest client':<15}your server"]
        lines += [line(row, cell) for row, cell in self.cells.items()]
        if not all(map(can_run, ROWS)):
            lines.append(f"Two attacks need a browser. {chromium.MISSING}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.text()


def can_run(row: Row) -> bool:
    return not row.in_browser or bool(chromium.find())


def line(row: Row, cell: Cell) -> str:
    """One row: a cross where an attack gets in or an honest client does not, a tick where it is as it should be."""
    hit = f"✗ hit {cell.hit[0]}" if cell.hit[0] == 200 else f"✓ {cell.hit[0]}"
    honest = f"{'✓' if cell.honest[0] == 200 else '✗'} {cell.honest[0]}"
    return f"{row.says:<33}{hit:<12}{honest:<15}{refusal(row, cell.refused)}"


def refusal(row: Row, got: Answer) -> str:
    """A tick for the status and the reason that this attack is to get, and for no other error."""
    status, reason = got
    if got == row.refused:
        return f"✓ refused {status}: {reason}"
    return "✗ HIT 200" if status == 200 else f"✗ {status}: {reason}"


def attacks_of(place: Path) -> dict[str, Callable]:
    """The attacks in the tree's client/ that are written, by name."""
    found = {name: each for module in MODULES for name, each in vars(load(place, module)).items()}
    return {row.name: found[row.name] for row in ROWS if row.name in found and is_written(found[row.name])}


def load(place: Path, name: str) -> ModuleType:
    return learner_module.load(place, f"client/{name}.py", calls=[], step=STEM)


def is_written(function: Callable) -> bool:
    """Whether it is more than a stub."""
    return "NotImplementedError" not in function.__wrapped__.__code__.co_names


class Servers:
    """Two servers of the tree, as it is and with a key pair, and a vulnerable one for each row, while it is attacked."""

    def __init__(self, place: Path):
        self.key, self.pair, self.place = secrets.token_urlsafe(48), KeyPair(), place
        self.loot_type = load(place, "loot").Loot
        self.stack = ExitStack()

    def __enter__(self) -> "Servers":
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="workshop-")))
        self.before = tree.before_answer(folder / "before", manifest.find(STEM))
        self.own = self.started(environment={"JWT_SIGNING_KEY": self.key})
        self.own_with_pair = self.started(simple_jwt=self.pair.simple_jwt)
        return self

    def __exit__(self, *_error: object) -> None:
        self.stack.close()

    def started(self, **options: dict) -> LiveServer:
        return self.stack.enter_context(LiveServer(self.place, access=300, refresh=3600, **options))

    def cell(self, row: Row, attack: Callable) -> Cell:
        # The public key can be confused with a secret only where there is a public key.
        own = self.own_with_pair if row.name == "confused_algorithm" else self.own
        with vulnerable(row.name, self.before, public_key=self.pair.public, key=self.key) as server:
            hit = answer(attack(self.loot(server, "/log-in/#" if row.in_browser else "")))
        return Cell(hit, answer(attack(self.loot(own))), honest(own))

    def loot(self, server: LiveServer, first: str = "") -> object:
        """What an attacker with the account grace has at this server. `first` is where its admin logs in."""
        pair = log_in(server, "grace")
        claims = jwt.decode(pair["access"], options={"verify_signature": False})
        return self.loot_type(
            url=server.url,
            **pair,
            public_key=self.pair.public,
            other_service=jwt.encode(OTHER_SERVICE | {"exp": claims["exp"]}, self.key),
            expired=jwt.encode(claims | {"exp": int(time.time()) - 3600}, self.key),
            log=log_of(server),
            admin_opens=lambda path: chromium.visit(f"{server.url}{first}{path}"),
        )


# The service that sends the shop's newsletter has a user 1, too, who is no admin of ours.
OTHER_SERVICE = {
    "token_type": "access",
    "jti": "1",
    "user_id": "1",
    "iss": "https://newsletter.example",
    "aud": "newsletter",
}


class KeyPair:
    """An RSA key pair in text (PEM), and the settings that sign with it."""

    def __init__(self) -> None:
        # Here, because a browser's tab has no such library: a notebook starts there, too.
        from cryptography.hazmat.primitives import serialization as text
        from cryptography.hazmat.primitives.asymmetric import rsa

        self.key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        private = self.key.private_bytes(
            text.Encoding.PEM, text.PrivateFormat.PKCS8, text.NoEncryption()
        ).decode()
        public = self.key.public_key().public_bytes(text.Encoding.PEM, text.PublicFormat.SubjectPublicKeyInfo)
        self.private, self.public = private, public.decode()
        self.simple_jwt = {"ALGORITHM": "RS256", "SIGNING_KEY": private, "VERIFYING_KEY": self.public}


def log_in(server: LiveServer, name: str) -> dict[str, str]:
    account = {"username": name, "password": "test"}
    response = requests.post(f"{server.url}/api/token/", json=account, timeout=10)
    return {kind: response.json()[kind] for kind in ("access", "refresh")}


def log_of(server: LiveServer) -> str:
    """The log, after the admin followed a link that has a token in it."""
    access = log_in(server, "admin")["access"]
    requests.get(f"{server.url}{OURS}", params={"token": access}, timeout=10)
    return server.log_with(OURS)


def honest(server: LiveServer) -> Answer:
    """What somebody gets who logs in, and presents the access token."""
    headers = {"Authorization": f"Bearer {log_in(server, 'ada')['access']}"}
    return answer(requests.get(f"{server.url}{OURS}", headers=headers, timeout=10))
