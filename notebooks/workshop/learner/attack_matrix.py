"""Attack × server: every attack of step 10 on the server with its hole, and on a server of the learner's tree."""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from ..expect import answer
from ..servers.live_server import LiveServer
from ..servers.vulnerable import vulnerable
from . import learner_module, manifest, tree

STEM = "10_attacks"
MODULES = ("attacks", "more_attacks")  # in client/: what the learner writes, and what is given
OURS = "/user-orders/"
INVALID = (401, "Token is invalid")
Answer = tuple[int, str | None]


class Row(NamedTuple):
    """An attack: the name of its function and of the hole, what it does in words, and how it is to be refused."""

    name: str
    says: str
    refused: Answer = INVALID


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
    Row("token_in_log", "a token from the log", (401, "Authentication credentials were not provided.")),
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
        """Attack with the functions of the tree's client/. A function that is not written yet leaves its row out."""
        rows = tuple(rows)
        with ExitStack() as stack:
            servers = Servers(stack, place, rows)
            attack = Attacks(place)
            for row in rows:
                if function := attack.named(row.name):
                    hit = answer(function(servers.loot(servers.vulnerable[row])))
                    own = servers.own_for(row)
                    refused = answer(function(servers.loot(own)))
                    self.cells[row] = Cell(hit, refused, honest(own))
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
        lines = [f"{'attack':<33}{'vulnerable':<12}{'your server':<26}honest client"]
        return "\n".join([*lines, *(line(row, cell) for row, cell in self.cells.items())])

    def __repr__(self) -> str:
        return self.text()


def line(row: Row, cell: Cell) -> str:
    """One row: a cross where the attack hit, a tick where all is well; the words say the same."""
    refused = f"✓ refused {cell.refused[0]}" if cell.refused[0] in (401, 403) else f"✗ HIT {cell.refused[0]}"
    hit = f"✗ hit {cell.hit[0]}" if cell.hit[0] == 200 else f"✓ {cell.hit[0]}"
    honest = f"✓ {cell.honest[0]}" if cell.honest[0] == 200 else f"✗ REFUSED {cell.honest[0]}"
    why = f"\n{'':<33}{'':<12}  {cell.refused[1]}" if cell.refused[1] else ""
    return f"{row.says:<33}{hit:<12}{refused:<26}{honest}{why}"


class Attacks:
    """The functions of client/, by name."""

    def __init__(self, place: Path):
        self.modules = [load(place, name) for name in MODULES]

    def named(self, name: str) -> Callable | None:
        found = [getattr(module, name) for module in self.modules if hasattr(module, name)]
        return written(found[0]) if found else None


def load(place: Path, name: str) -> ModuleType:
    return learner_module.load(place, f"client/{name}.py", calls=[], step=STEM)


def written(function: Callable) -> Callable | None:
    """The function, unless it is a stub still."""
    names = function.__wrapped__.__code__.co_names
    return None if "NotImplementedError" in names else function


class Servers:
    """One vulnerable server for each row, and two of the tree: as it is, and with a key pair."""

    def __init__(self, stack: ExitStack, place: Path, rows: tuple[Row, ...]):
        self.key, self.pair, self.place = secrets.token_urlsafe(48), KeyPair(), place
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="workshop-")))
        before = tree.before_answer(folder / "before", manifest.find(STEM))
        self.vulnerable = {
            row: vulnerable(row.name, before, public_key=self.pair.public, key=self.key) for row in rows
        }
        signing = {"JWT_SIGNING_KEY": self.key}
        self.own = LiveServer(place, access=300, refresh=3600, environment=signing)
        self.own_with_pair = LiveServer(place, access=300, refresh=3600, simple_jwt=self.pair.simple_jwt)
        everything = [*self.vulnerable.values(), self.own, self.own_with_pair]
        for server in everything:
            stack.callback(server.stop)
            server.launch()
        for server in everything:
            server.wait()

    def own_for(self, row: Row) -> LiveServer:
        """The tree's server. The public key can be confused with a secret only where there is a public key."""
        return self.own_with_pair if row.name == "confused_algorithm" else self.own

    def loot(self, server: LiveServer) -> object:
        """What an attacker with the account grace has at this server."""
        pair = log_in(server, "grace")
        claims = jwt.decode(pair["access"], options={"verify_signature": False})
        return load(self.place, "loot").Loot(
            url=server.url,
            **pair,
            public_key=self.pair.public,
            other_service=jwt.encode(OTHER_SERVICE | {"exp": claims["exp"]}, self.key),
            expired=jwt.encode(claims | {"exp": int(time.time()) - 3600}, self.key),
            log=log_of(server),
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
        key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
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
