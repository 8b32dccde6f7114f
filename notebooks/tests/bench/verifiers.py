"""What the warehouse of step 11 pays for fetching its keys: a verification with the fetched keys, and with a local key."""

import json
import tempfile
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workshop.learner import manifest, tree
from workshop.servers import manage
from workshop.servers.publisher import Publisher
from workshop.servers.warehouse import Warehouse

# Run in the warehouse's own `manage.py shell`. Nobody but this process reads what it prints.
MEASURE = """
import json, time
from statistics import median
from jwt import PyJWK
from rest_framework_simplejwt import state
from rest_framework_simplejwt.backends import TokenBackend
fetched = state.token_backend
names = "audience issuer leeway".split()
local = TokenBackend("EdDSA", **{name: getattr(fetched, name) for name in names})
local.prepared_verifying_key = PyJWK(JWK).key
backends = {"a local key": local, "fetched keys": fetched}
times = {name: [] for name in backends}
for _ in range(1000):  # in turns, so that both meet the same machine
    for name, backend in backends.items():
        began = time.perf_counter()
        backend.decode(TOKEN)
        times[name].append(time.perf_counter() - began)
found = {name: median(each) * 1e6 for name, each in times.items()}
print(json.dumps(found))
"""


def verification(kind: str) -> dict[str, float]:
    """Both are measured in one process, one after the other; this gives the one that is asked for."""
    return {"verify, µs": measured()[kind]}


KINDS = ("a local key", "fetched keys")


def measured() -> dict[str, float]:
    private = Ed25519PrivateKey.generate()
    jwk = jwt.get_algorithm_by_name("EdDSA").to_jwk(private.public_key(), as_dict=True) | {"kid": "measured"}
    claims = {"token_type": "access", "exp": 2**32, "iat": 0, "jti": "j" * 32, "user_id": "2"}
    claims |= {"iss": "https://shop.example", "aud": "shop-api"}
    token = jwt.encode(claims, private, "EdDSA", {"kid": "measured"})
    with tempfile.TemporaryDirectory() as folder, Publisher([jwk]) as publisher:
        place = tree.answer(Path(folder) / "tree", manifest.find("signing_keys"))
        variables = Warehouse(place, publisher.url).environment
        code = MEASURE.replace("JWK)", f"{jwk!r})").replace("TOKEN", repr(token))
        command = ["shell", "--verbosity", "0", "--command", code]
        said = manage.manage(place, command, Path(folder) / "none.sqlite3", **variables)
    return json.loads(said.splitlines()[-1])
