"""The attack list: what every server of the workshop must refuse, whatever a step is about, and what it must not.

A check asks for it with the fixture `attacks`, and expects of each attack what it wants:

    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see="06, section 5")
"""

import base64
import json
from typing import Any, NamedTuple

import requests

from .expect import answer
from .servers.live_server import LiveServer

ORDERS, ALL_ORDERS, REFRESH = "/user-orders/", "/orders/", "/api/token/refresh/"
INVALID = (401, "Token is invalid")
EXPIRED = (401, "Token is expired")
WRONG_TYPE = (401, "Token has wrong type")
NO_USER = (401, "Token contained no recognizable user identification")

# Run once in the tree's own `manage.py shell`: people who log in through the tree's own view, one of whom is deleted
# then, and tokens that only the holder of the server's key can make. Nothing but this process reads what it prints.
PREPARE = r"""
import json
import time
from django.test import Client
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken

def pair(name):
    body = {"username": OWN + name, "password": PASSWORD}
    client = Client(raise_request_exception=False, HTTP_HOST="localhost")
    response = client.post("/api/token/", body, content_type="application/json", secure=True)
    if response.status_code != 200:
        print(json.dumps({"refused": [response.status_code, response.text[:200]]}))
        raise SystemExit
    return {kind: response.json()[kind] for kind in ("access", "refresh")}

def signed(token, **changes):
    backend = AccessToken().get_token_backend()
    claims = backend.decode(token, verify=False) | changes
    return backend.encode({name: value for name, value in claims.items() if value is not None})

def both(pair, **changes):
    return {kind: signed(token, **changes) for kind, token in pair.items()}

PASSWORD = "attacks-of-this-list-only"
OWN = "attack-list-"  # a check may have made an "inactive" of its own on this server
for name in ("attacked", "inactive", "deleted"):
    User.objects.create_user(OWN + name, password=PASSWORD)
made = {name: pair(name) for name in ("attacked", "inactive", "deleted")}
User.objects.filter(username=OWN + "deleted").delete()
made["expired"] = both(made["attacked"], exp=int(time.time()) - 120)
made["nobody"] = both(made["attacked"], **{api_settings.USER_ID_CLAIM: None})
for name in ("admin", "ada"):
    made[name] = User.objects.get(username=name).pk
made["claim"] = api_settings.USER_ID_CLAIM
made["scheme"] = api_settings.AUTH_HEADER_TYPES[0]
print(json.dumps(made))
"""
DEACTIVATE = "UPDATE api_user SET is_active = false WHERE username = 'attack-list-inactive'"


class Attack(NamedTuple):
    """One request of the list: in words, what came back, what is wanted, and what it means when the two differ."""

    name: str
    sent: str
    got: Any
    wanted: Any
    means: str


def launched(server: LiveServer) -> list[Attack]:
    """Send the whole list to a running server. The first entry is an honest client's: without it, no refusal counts."""
    made = json.loads(server.shell(PREPARE).splitlines()[-1])
    if "refused" in made:
        return [
            Attack(
                "honest login",
                "a right name and password to POST /api/token/",
                tuple(made["refused"]),
                (200, None),
                HONEST,
            )
        ]
    caller = Caller(server.url, made["scheme"])
    came_first = honest(caller, made)
    use(caller, made["inactive"])  # a server that remembers somebody has now met them
    server.sql(DEACTIVATE)
    came_next = (*with_access(caller, made), *with_refresh(caller, made), *powers(caller, made))
    return [*came_first, *map(refused_in_any_case, came_next)]


def refused_in_any_case(attack: Attack) -> Attack:
    """The attack; where it was refused, and only the reason is another, it means that and no more."""
    tuples = isinstance(attack.got, tuple) and isinstance(attack.wanted, tuple)
    return attack._replace(means=OTHER_REASON) if tuples and attack.got[0] == attack.wanted[0] else attack


class Caller:
    """Presents tokens to a server, and says what came back."""

    def __init__(self, url: str, scheme: str):
        self.url, self.scheme = url, scheme

    def present(self, token: str, path: str = ORDERS) -> tuple[int, str | None]:
        headers = {"Authorization": f"{self.scheme} {token}"}
        return answer(requests.get(f"{self.url}{path}", headers=headers, timeout=5))

    def refresh(self, token: str) -> requests.Response:
        return requests.post(f"{self.url}{REFRESH}", json={"refresh": token}, timeout=5)

    def login(self, name: str) -> dict[str, str]:
        account = {"username": name, "password": "test"}
        return requests.post(f"{self.url}/api/token/", json=account, timeout=5).json()


def honest(caller: Caller, made: dict) -> list[Attack]:
    """A client that does nothing wrong: login, call, refresh, call."""
    means = HONEST
    first, renewed, access = use(caller, made["attacked"])
    return [
        Attack("honest access", f"a good access token to GET {ORDERS}", first, (200, None), means),
        Attack(
            "honest refresh", f"a good refresh token to POST {REFRESH}", answer(renewed), (200, None), means
        ),
        Attack(
            "honest after refresh",
            f"the refreshed access token to GET {ORDERS}",
            caller.present(access),
            (200, None),
            means,
        ),
    ]


def use(caller: Caller, pair: dict) -> tuple[tuple[int, str | None], requests.Response, str]:
    """Call and refresh with these tokens, and keep the new refresh token, if one came.

    Gives the answer to the call, the response to the refresh, and the new access token.
    """
    called, response = caller.present(pair["access"]), caller.refresh(pair["refresh"])
    new = response.json() if response.ok else {}
    pair["refresh"] = new.get("refresh") or pair["refresh"]
    return called, response, new.get("access", "")


def with_access(caller: Caller, made: dict) -> list[Attack]:
    """Tokens that no server may accept at a protected address."""
    access, refresh = made["attacked"]["access"], made["attacked"]["refresh"]
    cases = [
        ("forged", "an access token with a signature of another key", forged(access), INVALID, FORGED),
        (
            "edited",
            "an access token whose payload was edited to say it is the admin's",
            edited(access, made),
            INVALID,
            FORGED,
        ),
        ("alg none", "an access token of alg none, without a signature", unsigned(access), INVALID, NONE),
        (
            "expired",
            "an access token, two minutes after its expiry,",
            made["expired"]["access"],
            EXPIRED,
            LATE,
        ),
        ("wrong type", "a refresh token as if it were an access token", refresh, WRONG_TYPE, TYPE),
        (
            "inactive",
            "the access token of a user who was deactivated",
            made["inactive"]["access"],
            (401, "User is inactive"),
            DEACTIVATED,
        ),
        (
            "deleted",
            "the access token of a user who was deleted",
            made["deleted"]["access"],
            (401, "User not found"),
            GONE,
        ),
        ("nobody", "an access token that names no user", made["nobody"]["access"], NO_USER, GONE),
    ]
    return [
        Attack(f"{name} access", f"{sent} to GET {ORDERS}", caller.present(token), wanted, means)
        for name, sent, token, wanted, means in cases
    ]


def with_refresh(caller: Caller, made: dict) -> list[Attack]:
    """Tokens that must not be exchanged for a new access token."""
    access, refresh = made["attacked"]["access"], made["attacked"]["refresh"]
    cases = [
        (
            "forged",
            "a refresh token with a signature of another key",
            forged(refresh),
            ["Token is invalid"],
            FORGED,
        ),
        (
            "edited",
            "a refresh token whose payload was edited to say it is the admin's",
            edited(refresh, made),
            ["Token is invalid"],
            FORGED,
        ),
        (
            "alg none",
            "a refresh token of alg none, without a signature",
            unsigned(refresh),
            ["Token is invalid"],
            NONE,
        ),
        (
            "expired",
            "a refresh token, two minutes after its expiry,",
            made["expired"]["refresh"],
            ["Token is expired"],
            LATE,
        ),
        (
            "wrong type",
            "an access token as if it were a refresh token",
            access,
            ["Token has wrong type"],
            TYPE,
        ),
        (
            "inactive",
            "the refresh token of a user who was deactivated",
            made["inactive"]["refresh"],
            IN_OWN_WORDS,
            DEACTIVATED,
        ),
        (
            "deleted",
            "the refresh token of a user who was deleted",
            made["deleted"]["refresh"],
            IN_OWN_WORDS,
            GONE,
        ),
        ("nobody", "a refresh token that names no user", made["nobody"]["refresh"], [NO_USER[1]], GONE),
    ]
    return [
        Attack(
            f"{name} refresh",
            f"{sent} to POST {REFRESH}",
            *either(answer(caller.refresh(token)), reasons),
            means,
        )
        for name, sent, token, reasons, means in cases
    ]


def powers(caller: Caller, made: dict) -> list[Attack]:
    """What a good token of one user must not show of another's."""
    access = caller.login("ada").get("access", "")
    headers = {"Authorization": f"{caller.scheme} {access}"}
    response = requests.get(f"{caller.url}{ORDERS}", headers=headers, timeout=5)
    owners = sorted({order["user"] for order in response.json()}) if response.ok else answer(response)
    forbidden = (403, "You do not have permission to perform this action.")
    return [
        Attack(
            "other user's orders",
            f"ada's access token to GET {ORDERS}, and looked whose orders came",
            owners,
            [made["ada"]],
            OTHERS,
        ),
        Attack(
            "everybody's orders",
            f"ada's access token to GET {ALL_ORDERS}, which is for staff",
            caller.present(access, ALL_ORDERS),
            forbidden,
            OTHERS,
        ),
    ]


HONEST = "This client did nothing wrong. A server that refuses everybody is not safe, it is closed."
FORGED = "Whoever can send this is whoever they want to be. Verify the signature before you believe a claim."
NONE = "The sender chose the algorithm, and chose none. The server decides how to verify."
LATE = "The token is past its expiry and still of use. Nobody can end it, and neither can you."
TYPE = "Each kind of token is for one thing only. A token that works as both lives as long as the longer of the two."
DEACTIVATED = (
    "The account is deactivated, and its tokens still work. To find the user is not enough: ask for is_active, too "
    "(simplejwt's CHECK_USER_IS_ACTIVE)."
)
GONE = "The account is gone, and its tokens still work. Look the user up whenever a token comes in."
OTHER_REASON = "It is refused, and for another reason than the one that is true of this token. The client needs the true one."
OTHERS = "A user sees what belongs to somebody else."
# Whose user is deactivated or gone: the library and the shop have several sentences for it, and so may the learner.
IN_OWN_WORDS: list[str] = []


def either(got: tuple[int, str | None], reasons: list[str]) -> tuple[Any, Any]:
    """What came back and what is wanted: 401 with one of these reasons, or with any where there are none."""
    wanted = [(401, reason) for reason in reasons] or [(401, got[1])]
    return got, got if got in wanted else wanted[0]


def forged(token: str) -> str:
    """The token with another signature of the same length: another key's looks like that, in every algorithm."""
    text, _, signature = token.rpartition(".")
    return f"{text}.{encoded(bytes(byte ^ 0x5A for byte in decoded(signature)))}"


def damaged(token: str) -> str:
    """The token with the first letter of its signature changed."""
    text, _, signature = token.rpartition(".")
    return f"{text}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def edited(token: str, made: dict) -> str:
    """The token with the admin's id in its payload, and with the signature it had."""
    header, payload, signature = token.split(".")
    claims = json.loads(decoded(payload)) | {made["claim"]: str(made["admin"])}
    return f"{header}.{encoded(json.dumps(claims).encode())}.{signature}"


def unsigned(token: str, alg: str = "none") -> str:
    header, payload, _ = token.split(".")
    known = json.loads(decoded(header)) | {"alg": alg}
    return f"{encoded(json.dumps(known).encode())}.{payload}."


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
