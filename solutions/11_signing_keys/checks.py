"""What step 11 asks: a ring of key pairs, its public keys in a JWKS, a rotation, and a service that verifies by it alone."""

import base64
import contextlib
import hashlib
import hmac
import json
import math
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any
from urllib.parse import quote

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from workshop import attacks as attack_list
from workshop.attacks import encoded
from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, body_of, expect, expect_each, leaked, told
from workshop.learner.check_plugin import SERVERS, TREE
from workshop.learner.tree import lay
from workshop.servers.live_server import LiveServer
from workshop.servers.manage import environment
from workshop.servers.publisher import FAULTS, Publisher
from workshop.servers.transport import command
from workshop.servers.warehouse import Warehouse

LOGIN, REFRESH, ORDERS, JWKS, LIST = (
    "/api/token/",
    "/api/token/refresh/",
    "/user-orders/",
    "/.well-known/jwks.json",
    "/picking-list/",
)
INVALID, OK = (401, "Token is invalid"), (200, None)
# The stages of a rotation, as JWT_KEYRING has them: the first key signs.
STAGES = {"published": "first,second,third", "signing": "second,first", "removed": "second"}
SHORT = 0.2  # seconds: how long the warehouse of these checks uses keys, and waits before it asks again
MONTH = 30 * 86_400  # seconds
PATIENCE = 6  # seconds: a response that takes longer does not come
MANY = 20  # tokens, one after the other
FEW = 8  # requests at one moment
LONG = 60  # seconds: a cooldown that does not end during a check
PUBLIC_MEMBERS = {"crv", "kty", "x", "y", "n", "e", "kid", "alg", "use", "key_ops"}
HASHED = {"OKP": ("crv", "kty", "x"), "EC": ("crv", "kty", "x", "y")}  # RFC 8037 and RFC 7638
AGE = 300  # seconds that any cache may keep the public keys
# In the tree's own shell: how it names these keys.
NAMES = """
import json
from drf_course.keyring import thumbprint
print(json.dumps([thumbprint(jwk) for jwk in {keys}]))
"""
VERIFY = """
import os
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken
try:
    AccessToken(os.environ["OF_THE_CHECK"])
except TokenError as error:
    print(error)
else:
    print("accepted")
"""
GENERATE = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
}


class Shops:
    """Three processes of one shop, with one database: one for each stage of a rotation, ready when it is asked for."""

    def __init__(self, servers):
        self.servers = dict(zip(STAGES, servers, strict=True))

    def __getattr__(self, stage):
        return ready(self.servers[stage])


class Key:
    """A key pair of these checks, under a name of its own."""

    def __init__(self, name, algorithm):
        self.name, self.algorithm, self.private = name, algorithm, GENERATE[algorithm]()
        public = jwt.get_algorithm_by_name(algorithm).to_jwk(self.private.public_key(), as_dict=True)
        self.jwk = public | {"kid": name, "alg": algorithm, "use": "sig"}

    def token(self, **headers):
        """A token for ada, with every claim that the shop writes."""
        return jwt.encode(claims(), self.private, self.algorithm, {"kid": self.name} | headers)

    def pem(self):
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def launched():
    """Every server of these checks, started side by side."""
    with contextlib.ExitStack() as stack:
        publisher = stack.enter_context(Publisher())
        first = LiveServer(TREE, access=300, refresh=3600, environment={"JWT_KEYRING": STAGES["published"]})
        quietly(first.launch)
        database = {"DATABASE_URL": f"sqlite:///{quote((first.folder / 'db.sqlite3').as_posix())}"}
        servers = [first]
        for stage in ("signing", "removed"):
            ring = {"JWT_KEYRING": STAGES[stage]}
            servers.append(LiveServer(TREE, access=300, refresh=3600, environment=ring | database))
        servers.append(Warehouse(TREE, publisher.url, lifespan=SHORT, cooldown=SHORT))
        for server in servers:
            SERVERS.append(server)
            stack.callback(server.stop)
        for server in servers[1:]:
            quietly(server.launch)
        yield servers, publisher


def quietly(launch):
    with contextlib.suppress(WorkshopError):  # said again, and reported, by whoever waits for the server
        launch()


@pytest.fixture(scope="module")
def shops(launched):
    return Shops(launched[0][:3])


@pytest.fixture(scope="module")
def publisher(launched):
    return launched[1]


def ready(server):
    return server.wait() if server.running or server.log else server.start()


@pytest.fixture(scope="module")
def own_header(launched):
    """The header of an access token of the tree; empty where its server does not start."""
    with contextlib.suppress(WorkshopError):
        return header(log_in(ready(launched[0][0]))["access"])
    return {}


@pytest.fixture(scope="module")
def first_kid(own_header):
    return own_header.get("kid", "none")


@pytest.fixture(scope="module")
def algorithm(own_header):
    """The algorithm of the tree's own tokens: these checks sign theirs alike."""
    return {"ES256": "ES256"}.get(own_header.get("alg"), "EdDSA")


@pytest.fixture(scope="module")
def own(algorithm):
    return Key("a-key-of-the-checks", algorithm)


@pytest.fixture(scope="module")
def future(algorithm):
    """A key that the shop has not published yet."""
    return Key("a-new-key", algorithm)


@pytest.fixture(scope="module")
def cold(launched, publisher, own):
    """What a warehouse that has never seen a key answers to a good token, for each fault of the shop."""
    warehouse = ready(launched[0][3])
    return {fault: seen_with(fault, warehouse, publisher, own) for fault in FAULTS}


@pytest.fixture
def warehouse(launched, publisher, own, future, cold):
    """The warehouse, when its shop publishes one key of these checks, and has been asked since, for another key in vain."""
    server = ready(launched[0][3])
    publisher.publish([own.jwk])
    time.sleep(SHORT + 0.05)
    listed(server, future.token())  # it fetches the keys now
    return server


# The tokens of the shop.


def test_a_token_names_the_first_key(shops):
    keys = {jwk.get("kid"): jwk for jwk in published(shops.published)}
    token = log_in(shops.published)["access"]
    found = header(token)
    alg = found.get("alg")
    got = {
        "alg": "of a key pair" if alg in GENERATE else f"{alg}, of no key pair",
        "kid": "of a published key" if found.get("kid") in keys else "of no published key",
        "signed by": signer(token),
    }
    means = (
        "The first name in JWT_KEYRING signs, however many follow: a new key is published behind it, and signs when every "
        "cache has heard of it."
        if got["signed by"] == "second"
        else "With a shared secret whoever can verify a token can also make one. Sign with a key pair, and write into the "
        "header which key it was: `kid` is how a verifier finds it."
    )
    wanted = {"alg": "of a key pair", "kid": "of a published key", "signed by": "first"}
    expect_each(
        got,
        wanted,
        sent=f"POST {LOGIN} with JWT_KEYRING={STAGES['published']}, and looked at the access token",
        means=means,
        see=at(3),
    )


NAMED = "the name of RFC 7638"


def test_a_key_is_named_by_its_thumbprint(shops):
    keys = published(shops.published)
    got = (
        "by their thumbprints"
        if keys and all(key.get("kid") == thumbprint(key) for key in keys)
        else named(keys)
    )
    means = (
        "RFC 7638: SHA-256 over the members that make up the key, in the order of the alphabet, without spaces. "
        "Whoever has the public key can compute that name, so no two keys ever share one. It needs neither `use` nor "
        "`alg`, and nothing private."
    )
    expect(got, "by their thumbprints", sent=f"GET {JWKS}, and computed the names", means=means, see=at(3))
    more = {
        "y": "stray",
        "e": "AQAB",
        "use": "sig",
        "key_ops": ["verify"],
        "ext": True,
        "x5t": "of-a-certificate",
        "owner": "the shop",
    }
    examples = {f"of {name}": more | Key("any", name).jwk for name in GENERATE}
    names = dict(zip(examples, names_by(shops.published, list(examples.values())), strict=True))
    expect_each(
        {name: NAMED if names[name] == thumbprint(jwk) else "another name" for name, jwk in examples.items()},
        dict.fromkeys(examples, NAMED),
        sent="two keys with `key_ops`, `ext`, `x5t`, `owner` and members of other kinds of keys to thumbprint(), and computed their names",
        means=(
            "RFC 7638 says which members count, for each kind of key: `crv`, `kty` and `x` for OKP, and `y` "
            "as well for EC. Every other is left out, whatever it is called, or somebody else computes another name for the same key."
        ),
        see=at(3),
    )


def test_the_jwks_holds_public_keys_only(shops):
    keys = published(shops.published)
    more = sorted({member for key in keys for member in key if member not in PUBLIC_MEMBERS})
    got = f"{len(keys)} keys" + (f", with the members {', '.join(more)}" if more else "")
    missing = sorted({"kid", "alg", "use"} - set.intersection(*[set(key) for key in keys])) if keys else []
    got += f", without {', '.join(missing)}" if missing else ""
    means = (
        "Every key of the ring is published, so that whoever verifies knows it before it signs. The member `d` is the "
        "private half: whoever reads it signs tokens for anybody. Call public_key() first."
    )
    expect(got, "3 keys", sent=f"GET {JWKS} with JWT_KEYRING={STAGES['published']}", means=means, see=at(4))


def test_the_jwks_may_be_cached(shops):
    got = {}
    credentials = {"Authorization": f"Bearer {log_in(shops.published)['access']}", "Cookie": "sessionid=x"}
    for name, headers in {"without credentials": {}, "with credentials": credentials}.items():
        response = get(shops.published, JWKS, headers=headers)
        found = response.headers.get("Cache-Control", "")
        got[name] = (
            answer(response)[0],
            ", ".join(sorted(part.strip().lower() for part in found.split(","))),
        )
    means = (
        "Public keys are no secret and change seldom, so every cache may keep them. It must be said for how long, to all of "
        "them alike (`s-maxage` is for the shared ones), or you can never know when a new key has arrived everywhere, and "
        "when a stolen one is forgotten."
    )
    expect_each(
        got,
        dict.fromkeys(got, (200, f"max-age={AGE}, public")),
        sent=f"GET {JWKS}, with and without an access token and a cookie, and read Cache-Control",
        means=means,
        see=at(4),
    )


def test_anybody_may_read_the_jwks(shops):
    expired = {"Authorization": f"Bearer {forged_hs256(b'no key of anybody')}"}
    asked = [get(shops.published, JWKS, allow_redirects=False, **more) for more in ({}, {"headers": expired})]
    got = [told(answer(response)) for response in asked]
    means = (
        "The address has no slash at its end: a browser follows a redirect to another one, and PyJWT's client follows none."
        if asked[0].is_redirect
        else "A service that verifies has no account here, and its client's bad token is not its fault. Ask for nothing: AllowAny "
        "opens the address, and only empty authentication_classes leave a header unread."
    )
    expect(
        got,
        ["200", "200"],
        sent=f"GET {JWKS}, once without credentials and once with a bad token",
        means=means,
        see=at(4),
    )


def test_only_a_name_in_the_ring_verifies(shops, first_kid, algorithm):
    stranger = Key("a-key-of-a-stranger", algorithm)
    got = {
        "an unknown kid": presented(shops.published, stranger.token()),
        "the kid of our key, signed by a stranger": presented(shops.published, stranger.token(kid=first_kid)),
        "the kid of our key, and a stranger's key under it": presented(
            shops.published, stranger.token(kid=first_kid, jwk=stranger.jwk | {"kid": first_kid})
        ),
        "the kid of our first key, signed by our second": presented(
            shops.published, signed_by_the_shop({"kid": first_kid}, by="second")
        ),
        "our key, no kid": presented(shops.published, signed_by_the_shop({})),
        "the only key of a ring, no kid": presented(shops.removed, signed_by_the_shop({}, by="second")),
        "our key, an unknown kid": presented(shops.published, signed_by_the_shop({"kid": "x"})),
        "our key, its kid with = at the end": presented(
            shops.published, signed_by_the_shop({"kid": f"{first_kid}="})
        ),
        "our key, its kid": presented(shops.published, signed_by_the_shop({"kid": first_kid})),
    }
    wanted = dict.fromkeys(got, told(INVALID)) | {"our key, its kid": "200"}
    means = (
        "A token is verified with the key of the ring that its header names, and with no other, also not with one that it brings "
        "along. Trying one key after the other makes every bad token cost as much as there are keys, and nobody can say any more which key a token was verified with."
    )
    expect_each(got, wanted, sent=f"tokens with other names of keys to GET {ORDERS}", means=means, see=at(3))


def test_a_kid_opens_no_file(shops, algorithm, tmp_path):
    attacker = Key("attacker", algorithm)
    file = tmp_path / "attacker.pem"
    file.write_bytes(attacker.pem())
    file.chmod(0o600)
    folder = TREE / ".keyring"
    names = [
        str(file),
        str(file.with_suffix("")),
        os.path.relpath(file, folder),
        os.path.relpath(file.with_suffix(""), folder),
    ]
    names += ["../../../../dev/null", "first' OR '1'='1", "first\0", "a" * 5000]
    got = {told(name)[:40]: presented(shops.published, attacker.token(kid=name)) for name in names}
    odd = {"a list": ["x"], "an object": {"x": "y"}, "a number": 7, "null": None}
    got |= {
        f"no text, but {name}": presented(shops.published, unsigned(algorithm, odd[name])) for name in odd
    }
    means = (
        "The header comes from the client, so `kid` is whatever somebody wrote: the path of an attacker's key file, or no "
        "text at all. Look it up among the keys in memory, do nothing else with it, and reject whatever is none of their names."
    )
    expect_each(
        got,
        dict.fromkeys(got, told(INVALID)),
        sent=f"tokens whose kid is a path, or no text, to GET {ORDERS}",
        means=means,
        see=at(3),
    )


def test_a_shared_secret_signs_no_more(shops, first_kid):
    keys = published(shops.published)
    got = {}
    for name, secret in (shared_secrets() | (public_forms(keys[0]) if keys else {})).items():
        for named, kid in {"no kid": None, "the kid of our key": first_kid}.items():
            access, old = (forged_hs256(secret, kid, kind) for kind in ("access", "refresh"))
            got[f"made with {name}, {named}"] = presented(shops.published, access)
            got[f"a refresh token made with {name}, {named}"] = told(answer(refresh(shops.published, old)))
    means = (
        "Whoever has a secret of yours, or takes the public key for one, signs as your shop, so the key pair protects nothing. "
        "One key belongs to one algorithm, and the server decides which. Whoever has ever seen the old secret goes on signing as "
        "long as you verify anything with it: verify with the ring and with nothing else, and everybody logs in once more."
    )
    sent = f"tokens of alg HS256, made with the secrets of the shop and with its public key, to GET {ORDERS} and POST {REFRESH}"
    expect_each(got, dict.fromkeys(got, told(INVALID)), sent=sent, means=means, see=at(2))


def test_issuer_and_audience_are_asked_as_before(shops, first_kid, tmp_path):
    named = {"kid": first_kid}
    got = {
        "its own": presented(shops.published, signed_by_the_shop(named)),
        "another issuer": presented(
            shops.published, signed_by_the_shop(named, iss="https://another.example")
        ),
        "another audience": presented(shops.published, signed_by_the_shop(named, aud="another-api")),
    }
    wanted = dict.fromkeys(got, told(INVALID)) | {"its own": "200"}
    ended = int(time.time()) - 2
    got["expired"] = presented(shops.published, signed_by_the_shop(named, exp=ended))
    wanted["expired"] = told((401, "Token is expired"))
    means = (
        "ISSUER, AUDIENCE and LEEWAY are arguments of the backend. One that is made without the first two asks for neither, "
        "and a leeway of its own makes every token live longer than the settings say: hand over all three, as api_settings "
        "of simplejwt has them."
    )
    sent = f"tokens that our key has signed, for and by somebody else, and one that expired two seconds ago, to GET {ORDERS}"
    expect_each(got, wanted, sent=sent, means=means, see=at(3))
    got = with_leeway(tmp_path, shops.published, signed_by_the_shop(named, exp=ended))
    sent = "the expired one to a shop whose SIMPLE_JWT has a LEEWAY of 60 seconds"
    expect(got, "accepted", sent=sent, means=means, see=at(3))


# The rotation.


def test_a_key_is_published_before_it_signs(shops):
    keys = [key.get("kid") for key in published(shops.published)]
    used = header(log_in(shops.published)["access"]).get("kid")
    new = header(log_in(shops.signing)["access"]).get("kid")
    got = {
        "published": f"{len(keys)} keys",
        "signs": "the first" if used and used == next(iter(keys), None) else "another",
        "the next one": "published already"
        if new in keys and new != used
        else "not published, or not another",
    }
    means = (
        "A verifier that has kept the JWKS for five minutes has never heard of a key that signs at once: it rejects "
        "honest tokens until its cache is over. So a key is published first, and signs later."
    )
    wanted = {"published": "3 keys", "signs": "the first", "the next one": "published already"}
    sent = (
        f"POST {LOGIN} and GET {JWKS} with JWT_KEYRING={STAGES['published']}, then with {STAGES['signing']}"
    )
    expect_each(got, wanted, sent=sent, means=means, see=at(5))


def test_a_session_lives_through_the_rotation(shops):
    pair = log_in(shops.published)
    got = {"the old access token, where the new key signs": presented(shops.signing, pair["access"])}
    renewed = refresh(shops.signing, pair["refresh"])
    new = body_of(renewed)
    kid = header(new.get("access")).get("kid")
    got["the old refresh token there"] = told(answer(renewed))
    got["signed by"] = "the new key" if kid and kid != header(pair["access"]).get("kid") else "the old key"
    got["the new access token, where the old key still signs"] = presented(shops.published, new.get("access"))
    got["the new access token, where the old key is gone"] = presented(shops.removed, new.get("access"))
    got["the new refresh token there"] = told(answer(refresh(shops.removed, new.get("refresh"))))
    wanted = dict.fromkeys(got, "200") | {"signed by": "the new key"}
    means = (
        "Someone who was logged in is thrown out by the rotation. The old key goes on verifying until the last token that "
        "it signed has expired, and each server accepts the new key before any server signs with it."
    )
    expect_each(
        got,
        wanted,
        sent="one session through a rotation: published, signing, removed",
        means=means,
        see=at(5),
    )


def test_a_removed_key_is_refused(shops):
    pair = log_in(shops.published)
    got = {
        "access": presented(shops.removed, pair["access"]),
        "refresh": told(answer(refresh(shops.removed, pair["refresh"]))),
        "in the JWKS": "gone"
        if header(pair["access"]).get("kid") not in kids(shops.removed)
        else "still there",
        "left there": f"{len(kids(shops.removed))} key",
    }
    wanted = {"access": told(INVALID), "refresh": told(INVALID), "in the JWKS": "gone", "left there": "1 key"}
    means = "A key that is not in JWT_KEYRING any more, because it was stolen or is old, verifies nothing."
    expect_each(
        got,
        wanted,
        sent=f"tokens of a removed key to GET {ORDERS} and POST {REFRESH}",
        means=means,
        see=at(6),
    )


def test_a_key_that_is_no_secret_stops_the_start(shops, tmp_path, algorithm):
    pem = Key("any", algorithm).pem()
    for name, content, allowed in (
        ("good", pem, 0o600),
        ("readable", pem, 0o644),
        ("broken", pem[:60], 0o600),
    ):
        file = tmp_path / f"{name}.pem"
        file.write_bytes(content)
        file.chmod(allowed)
    rings = {"readable by all, the second": "good,readable", "half a file, the first": "broken,good"}
    rings["half a file, the second"] = "good,broken"
    got = {name: how_it_ends(shops.published, tmp_path, pem.decode(), ring) for name, ring in rings.items()}
    wanted = dict.fromkeys(got, "refused, and the file is named")
    log_in(shops.published)
    for name in STAGES["published"].split(","):
        file = TREE / ".keyring" / f"{name}.pem"
        got[file.name] = oct(stat.S_IMODE(file.stat().st_mode)) if file.exists() else "no such file"
        wanted[file.name] = "0o600"
    means = (
        "A key that others can read has been read, and the second of the ring may sign tomorrow. Read every key with "
        "private_keys() while the settings are loaded: it makes the files, one for each name in JWT_KEYRING, and a server with "
        "a bad one does not start, and says which it is."
    )
    sent = "the start of a server with such a key file, and a look into .keyring/"
    expect_each(got, wanted, sent=sent, means=means, see=at(2))


# The warehouse.


def test_the_warehouse_accepts_the_tokens_of_the_shop(shops, publisher, warehouse, own):
    publisher.publish(published(shops.published))
    time.sleep(SHORT + 0.05)
    got = listed(warehouse, log_in(shops.published)["access"])
    means = "The warehouse holds no secret: it finds the key that the token names in the JWKS of the shop."
    expect(
        got,
        "200 for ada",
        sent=f"an access token of the shop to GET {LIST} of the warehouse",
        means=means,
        see=at(4),
    )


def test_the_warehouse_knows_nothing_but_the_jwks(shops, warehouse, own, algorithm):
    stranger = Key("a-key-of-a-stranger", algorithm)
    got = {
        "a key that is published": listed(warehouse, own.token()),
        "the key of the shop, which is not published now": listed(
            warehouse, log_in(shops.published)["access"]
        ),
        "a stranger's key under the published name": listed(warehouse, stranger.token(kid=own.name)),
        "no kid": listed(warehouse, jwt.encode(claims(), own.private, own.algorithm)),
        "the secret of Django": listed(warehouse, forged_hs256(secret_key())),
    }
    wanted = dict.fromkeys(got, told(INVALID)) | {"a key that is published": "200 for ada"}
    means = (
        "Nobody has published a key of that name, so the token is bad: 401. ShopUnreachable is for a warehouse that has no key at all."
        if any(said.startswith("503") for said in got.values())
        else "The warehouse accepted a token although the JWKS does not hold its key: it has the keys from somewhere else, or "
        "from an earlier JWKS. What it has, it can lose, and with a key that signs it could make tokens itself."
    )
    expect_each(got, wanted, sent=f"tokens to GET {LIST} of the warehouse", means=means, see=at(4))


def test_the_warehouse_wants_an_access_token_for_itself(warehouse, own):
    changes = {
        "a refresh token": ({"token_type": "refresh"}, (401, "Token has wrong type")),
        "an expired token": ({"exp": int(time.time()) - 60}, (401, "Token is expired")),
        "a token for somebody else": ({"aud": "another-api"}, INVALID),
        "a token of somebody else": ({"iss": "https://another.example"}, INVALID),
    }
    got = {
        name: listed(warehouse, jwt.encode(claims() | more, own.private, own.algorithm, {"kid": own.name}))
        for name, (more, _) in changes.items()
    }
    got["a good one"] = listed(warehouse, own.token())
    wanted = {name: told(refusal) for name, (_, refusal) in changes.items()} | {"a good one": "200 for ada"}
    means = "A good signature is the beginning. Type, expiry, issuer and audience are checked as well: let simplejwt do it."
    expect_each(got, wanted, sent=f"tokens to GET {LIST} of the warehouse", means=means, see=at(4))


def test_before_the_first_key_it_is_a_503(cold, publisher, own, learner, monkeypatch):
    got = cold | {"an error, after a restart": after_a_restart(publisher, own, learner)}
    got[together := "no fault, all at the same moment"] = at_one_moment(publisher, own, learner)
    got[early := "no fault, five seconds after the machine was switched on"] = after_switching_on(
        publisher, own, learner, monkeypatch
    )
    amiss = [name for name in (together, early) if got[name] != "nothing raised"]
    means = (
        "time.monotonic() begins near 0 when the machine does, so 0 is no time long ago: this warehouse has never asked, and has to "
        "ask at once. Begin with -math.inf, or with None."
        if amiss == [early]
        else "While one request asks for the first keys, the others have nothing to go on with: they wait until it has asked, and "
        "use what came."
        if amiss == [together]
        else "The warehouse has no key, so it cannot know whether the token is good. A 401 says that it is bad, and the client "
        "logs its user out; a 500 says nothing. Raise ShopUnreachable, also for what is no JWKS, and wait a second at most. "
        "Keep the keys in memory alone: a restart is what makes the warehouse forget a stolen one while the shop is down."
    )
    wanted = dict.fromkeys(cold, "503, Retry-After: 30") | {
        "an error, after a restart": "ShopUnreachable raised",
        together: "nothing raised",
        early: "nothing raised",
    }
    expect_each(
        got,
        wanted,
        sent=f"a good token to GET {LIST}, while the JWKS of the shop had this fault; and to a new ShopKeys, one or {FEW}",
        means=means,
        see=at(7),
    )


def test_an_outage_of_the_shop_changes_nothing(warehouse, publisher, own, future, learner, monkeypatch):
    got = {fault: seen_with(fault, warehouse, publisher, own) for fault in FAULTS}
    got["a key whose alg is a list"] = seen_with(
        [own.jwk | {"alg": [own.algorithm]}], warehouse, publisher, own
    )
    wanted = dict.fromkeys(got, "200 for ada")
    got["an error for a month"] = after_a_month(publisher, own, learner, monkeypatch)
    wanted["an error for a month"] = "nothing raised"
    stranger = "an error, with a made-up name in the token"
    got[stranger] = for_a_stranger(publisher, own, future, learner)
    wanted[stranger] = "PyJWKClientError raised"
    means = (
        "Nothing changes for a name that is not among the keys: it is rejected, as any day. ShopUnreachable is for a warehouse "
        "that has no key at all."
        if [name for name in got if got[name] != wanted[name]] == [stranger]
        else "The keys do not become wrong because a machine is down. The warehouse goes on with those of the last good response, "
        "however long ago it was, and asks again later: an outage of the shop is no outage of the warehouse."
    )
    sent = f"a good token to GET {LIST}, after the JWKS had been fetched once, while it had this fault"
    expect_each(got, wanted, sent=sent, means=means, see=at(7))


def test_a_new_key_is_found(warehouse, publisher, own, future, learner, monkeypatch):
    keys = learner("warehouse/shop_keys.py").ShopKeys(publisher.url, lifespan=LONG, cooldown_duration=SHORT)
    looked_up(keys, future.token())
    unknown = {"kty": "of tomorrow", "kid": "odd", "use": "sig"}
    publisher.publish([unknown, own.jwk, future.jwk])
    time.sleep(SHORT + 0.05)
    got = {
        "the warehouse": listed(warehouse, future.token()),
        "ShopKeys, within the lifespan": f"{looked_up(keys, future.token())} raised",
        "ShopKeys, while made-up names come": among_made_up_names(
            publisher, own, future, learner, monkeypatch
        ),
    }
    means = (
        "An unknown name may be a new key, so the shop is asked once more when the cooldown is over, also for a name that it "
        "did not know the last time. A key of a kind that is unknown is left out, and the others of the JWKS count."
    )
    expect_each(
        got,
        dict(zip(got, ("200 for ada", "nothing raised", "nothing raised"), strict=True)),
        sent=(
            f"a token to GET {LIST}, and to ShopKeys with a lifespan of {LONG} s, whose key was published just now, beside one of an "
            "unknown `kty`, and which was rejected before"
        ),
        means=means,
        see=at(7),
    )


def test_a_key_that_the_shop_removed_is_forgotten(warehouse, publisher, own, future, learner, monkeypatch):
    keys = learner("warehouse/shop_keys.py").ShopKeys(publisher.url, lifespan=LONG, cooldown_duration=SHORT)
    got = {"ShopKeys raised before": looked_up(keys, own.token())}
    publisher.publish([future.jwk])
    time.sleep(SHORT + 0.05)
    got["when the lifespan was over"] = listed(warehouse, own.token())
    got["ShopKeys raised for the new key"] = looked_up(keys, future.token())
    got["the old key then"] = "still there" if looked_up(keys, own.token()) == "nothing" else "gone"
    got["an old key in constant use"] = in_constant_use(publisher, own, future, learner, monkeypatch)
    means = (
        "The lifespan begins when the shop is asked, or when it responds, and not when a key is used: in a busy warehouse a stolen "
        "key would live for ever."
        if got["an old key in constant use"] == "still there" and got["the old key then"] == "gone"
        else "A key is removed because it was stolen, too. When the shop has been asked, because the lifespan is over or for an unknown "
        "name, only what the shop publishes now counts. Whoever holds a stolen key can make up names."
    )
    expect_each(
        got,
        dict.fromkeys(got, "nothing")
        | {"when the lifespan was over": told(INVALID)}
        | dict.fromkeys(("the old key then", "an old key in constant use"), "gone"),
        sent=(
            f"a token of a key that the shop has removed to GET {LIST}; and to ShopKeys with a lifespan of {LONG} s, before that, "
            "and after a token of a new key"
        ),
        means=means,
        see=at(7),
    )


def test_the_shop_is_asked_seldom(warehouse, publisher, own, algorithm):
    stranger = Key("x", algorithm)
    tokens = {
        "good tokens": [own.token()] * MANY,
        "made-up names": [stranger.token(kid=f"made-up-{number}") for number in range(MANY)],
    }
    got = {}
    for name, sent in tokens.items():
        time.sleep(SHORT + 0.05)
        before, began = publisher.asked, time.monotonic()
        for token in sent:
            listed(warehouse, token)
        asked = publisher.asked - before
        allowed = 1 + math.ceil(
            (time.monotonic() - began) / SHORT
        )  # by lifespan and cooldown, however slow it was
        got[name] = "a few times" if asked <= allowed else f"{asked} times"
    means = (
        "Fetching the keys for every request makes the warehouse as slow as the shop, and the shop busier than ever. Anybody can "
        "make up names: whoever sends them floods the shop through you. Ask again only when the cooldown is over."
    )
    sent = f"{MANY} good tokens to GET {LIST}, then {MANY} with made-up names, and counted how often the shop was asked"
    expect_each(got, dict.fromkeys(got, "a few times"), sent=sent, means=means, see=at(7))


def test_the_cooldown_begins_when_the_shop_is_asked(publisher, own, learner, algorithm, monkeypatch):
    stranger = Key("x", algorithm)
    tokens = [stranger.token(kid=f"made-up-{number}") for number in range(2 * FEW)]
    keys = learner("warehouse/shop_keys.py").ShopKeys(publisher.url, lifespan=SHORT, cooldown_duration=LONG)
    asked, raised = in_an_outage(publisher, keys, tokens)
    expect_each(
        {"the shop was asked": asked, "ShopKeys raised": raised},
        {"the shop was asked": 1, "ShopKeys raised": "ShopUnreachable"},
        sent=(
            f"{FEW} tokens with made-up names to ShopKeys at the same moment, each in a thread, while the shop was slow; then "
            f"{FEW} more, one after the other, while it sent errors; with a lifespan of {SHORT} s and a cooldown of {LONG} s"
        ),
        means=(
            "A shop that is down or slow is the one to be spared. The cooldown holds for every reason to ask, and begins when you "
            "ask, and not when a response comes: remember the time first, and let one thread at a time look and ask "
            "(threading.Lock)."
        ),
        see=at(7),
    )
    passed = clocks_ahead(monkeypatch)
    keys = filled(publisher, own, learner, lifespan=SHORT, cooldown_duration=LONG)
    got, rejected = {}, "PyJWKClientError, nothing"
    for name, later, most in (("within the cooldown", LONG / 2, 0), ("when it was over", LONG, 1)):
        passed.append(later)
        asked, raised = in_an_outage(publisher, keys, [own.token()] * FEW + tokens[:FEW])
        often = f"{asked} times" if asked > most else ("never", "once at most")[most]
        got |= {f"the shop was asked {name}": often, f"ShopKeys raised {name}": raised}
    expect_each(
        got,
        dict(zip(got, ("never", rejected, "once at most", rejected), strict=True)),
        sent=(
            f"tokens to ShopKeys within the cooldown of {LONG} s, and again when it was over: {FEW} good ones at the same moment, "
            f"while the shop was slow, then {FEW} with made-up names, while it sent errors; the keys were older than their lifespan"
        ),
        means=(
            "The cooldown holds for every reason to ask, also for keys that are older than their lifespan. They stay "
            "old while the shop is down, and without the cooldown each request asks the shop, and waits for it. A key that is "
            "known stays in use meanwhile, also for those who come while somebody else is asking."
        ),
        see=at(7),
    )


def test_no_address_in_a_token_is_asked(warehouse, publisher, own, algorithm):
    attacker = Key("a-key-of-an-attacker", algorithm)
    with Publisher([attacker.jwk]) as trap:
        ways = [{"jku": trap.url}, {"jku": f"{publisher.url}/of-a-user"}, {"x5u": trap.url}]
        ways += [{"jwk": attacker.jwk}, {"jwk": attacker.jwk | {"kid": own.name}}]
        tokens = [attacker.token(**way, kid=kid) for way in ways for kid in (attacker.name, own.name)]
        got = {told(listed(warehouse, token)) for token in tokens} | {f"asked {trap.asked} times"}
    got |= {f"asked the shop for {path}" for path in publisher.paths - {"/jwks.json"}}
    means = (
        "`jku` and `jwk` in the header are written by whoever made the token. A verifier that believes them lets the "
        "attacker bring the key along, under a name of the shop, or from an address there: users upload files. The address of the keys is in "
        "the settings."
    )
    expect(
        sorted(got),
        sorted({told(INVALID), "asked 0 times"}),
        sent=f"tokens that say where their key is, or bring it along, also under a name that the shop publishes, to GET {LIST}",
        means=means,
        see=at(7),
    )


def test_the_attack_list_is_refused(shops):
    for attack in attack_list.launched(shops.published):
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see=at(3))


# What the checks use.


def claims():
    now = int(time.time())
    own = {"token_type": "access", "iat": now, "exp": now + 300, "jti": os.urandom(16).hex()}
    return own | {"user_id": "2", "username": "ada", "iss": "https://shop.example", "aud": "shop-api"}


def get(server, path, **options):
    return requests.get(f"{server.url}{path}", timeout=PATIENCE, **options)


def bearer(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


def log_in(server):
    login = {"username": "ada", "password": "test"}
    return {"access": "", "refresh": ""} | body_of(
        requests.post(f"{server.url}{LOGIN}", json=login, timeout=PATIENCE)
    )


def refresh(server, token):
    return requests.post(f"{server.url}{REFRESH}", json={"refresh": token}, timeout=PATIENCE)


def presented(server, token):
    return told(answer(get(server, ORDERS, **bearer(token))))


def listed(server, token):
    """What the warehouse answers to a token, in words."""
    response = get(server, LIST, **bearer(token))
    who, later = body_of(response).get("for"), response.headers.get("Retry-After")
    if later:
        return f"{response.status_code}, Retry-After: {later}"
    return f"{told(answer(response))} for {who}" if who else told(answer(response))


def seen_with(fault, warehouse, publisher, own):
    """What a good token gets while the shop's address has this fault, and the keys are older than their lifespan.

    The fault is one of FAULTS, or a list that is published.
    """
    (publisher.fail if fault in FAULTS else publisher.publish)(fault)
    time.sleep(SHORT + 0.05)
    try:
        return listed(warehouse, own.token())
    except requests.RequestException:
        return f"no response within {PATIENCE} s"


def filled(publisher, own, learner, **seconds):
    """A new ShopKeys that has fetched the one key of its shop."""
    publisher.publish([own.jwk])
    keys = learner("warehouse/shop_keys.py").ShopKeys(publisher.url, **seconds)
    looked_up(keys, own.token())
    return keys


def looked_up(keys, token):
    """What looking for the key of this token raises, by name."""
    try:
        keys.get_signing_key_from_jwt(token)
    except Exception as error:  # the check says which one is right
        return type(error).__name__
    return "nothing"


def in_an_outage(publisher, keys, tokens):
    """How often the shop is asked, and what looking for the keys of these tokens raises.

    For the first of them at the same moment, while the shop is slow; for the others one after the other, while it sends errors.
    """
    publisher.fail("slow")
    before = publisher.asked
    with ThreadPoolExecutor(FEW) as pool:
        asking = [pool.submit(looked_up, keys, token) for token in tokens[:FEW]]
        wait(asking, timeout=0.3)  # by then all of them have begun
        publisher.fail("error")  # whoever waits gets no response
    raised = {each.result() for each in asking} | {looked_up(keys, token) for token in tokens[FEW:]}
    return publisher.asked - before, ", ".join(sorted(raised))


def after_a_restart(publisher, own, learner):
    """What a new ShopKeys raises in an outage, when another one has had the keys."""
    made = [learner("warehouse/shop_keys.py").ShopKeys for _ in range(2)]
    before, after = (each(publisher.url, lifespan=SHORT, cooldown_duration=SHORT) for each in made)
    publisher.publish([own.jwk])
    looked_up(before, own.token())
    publisher.fail("error")
    return f"{looked_up(after, own.token())} raised"


def at_one_moment(publisher, own, learner):
    """What a new ShopKeys raises for the first tokens, each in a thread, while the shop takes its time to respond."""
    keys = learner("warehouse/shop_keys.py").ShopKeys(publisher.url, lifespan=LONG, cooldown_duration=LONG)
    publisher.publish([own.jwk], after=0.4)
    tokens = [own.token() for _ in range(FEW)]
    with ThreadPoolExecutor(FEW) as pool:
        raised = set(pool.map(lambda token: looked_up(keys, token), tokens))
    return f"{', '.join(sorted(raised))} raised"


def after_switching_on(publisher, own, learner, monkeypatch):
    """What a new ShopKeys raises where the clock of the machine has just begun, while the shop responds."""
    clocks_ahead(monkeypatch).append(5 - time.monotonic())
    publisher.publish([own.jwk])
    keys = learner("warehouse/shop_keys.py").ShopKeys(publisher.url, lifespan=LONG, cooldown_duration=LONG)
    return f"{looked_up(keys, own.token())} raised"


def after_a_month(publisher, own, learner, monkeypatch):
    """What ShopKeys raises when the shop has answered with errors for a month."""
    passed = clocks_ahead(monkeypatch)
    keys = filled(publisher, own, learner, lifespan=SHORT, cooldown_duration=SHORT)
    publisher.fail("error")
    passed.append(MONTH)
    return f"{looked_up(keys, own.token())} raised"


def for_a_stranger(publisher, own, future, learner):
    """What ShopKeys raises for a name that no response had, when the shop answers with errors now."""
    keys = filled(publisher, own, learner, lifespan=LONG, cooldown_duration=SHORT)
    publisher.fail("error")
    time.sleep(SHORT + 0.05)
    return f"{looked_up(keys, future.token())} raised"


def among_made_up_names(publisher, own, future, learner, monkeypatch):
    """What ShopKeys raises for a new key when the cooldown is over, and a made-up name came during it."""
    passed = clocks_ahead(monkeypatch)
    keys = filled(publisher, own, learner, lifespan=MONTH, cooldown_duration=LONG)
    publisher.publish([own.jwk, future.jwk])
    for number in range(2):
        passed.append(0.6 * LONG)
        raised = looked_up(keys, future.token() if number else own.token(kid="made-up"))
    return f"{raised} raised"


def in_constant_use(publisher, own, future, learner, monkeypatch):
    """Whether ShopKeys still has a key that the shop removed two lifespans ago, and that was used all the time."""
    passed = clocks_ahead(monkeypatch)
    keys = filled(publisher, own, learner, lifespan=LONG, cooldown_duration=SHORT)
    publisher.publish([future.jwk])
    for _ in range(5):
        passed.append(0.4 * LONG)
        raised = looked_up(keys, own.token())
    return "still there" if raised == "nothing" else "gone"


def clocks_ahead(monkeypatch):
    """A list of seconds: by their sum the clocks of this process are ahead from now on."""
    passed = []
    for clock in ("monotonic", "time"):
        real = getattr(time, clock)
        monkeypatch.setattr(time, clock, lambda real=real: real() + sum(passed))
    return passed


def published(server) -> list[dict[str, Any]]:
    keys = body_of(get(server, JWKS)).get("keys")
    return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []


def kids(server):
    return [key.get("kid") for key in published(server)]


def header(token):
    try:
        return parts(token)[0]
    except WorkshopError:
        return {}


def thumbprint(jwk):
    text = json.dumps(of_the_key(jwk), sort_keys=True, separators=(",", ":"))
    return encoded(hashlib.sha256(text.encode()).digest())


def of_the_key(jwk):
    """The members that make up the key."""
    return {name: jwk[name] for name in HASHED.get(jwk.get("kty"), ()) if name in jwk}


def names_by(server, keys):
    """How the tree's own function names these keys; no names where it cannot."""
    try:
        return json.loads(server.shell(NAMES.format(keys=keys)).splitlines()[-1])
    except (ValueError, IndexError):
        return ["no name"] * len(keys)


def named(keys):
    return f"named {', '.join(told(str(key.get('kid'))) for key in keys)}" if keys else "no keys"


def forged_hs256(secret, kid=None, kind="access"):
    """A token of alg HS256, made by hand: PyJWT would not take a public key for a secret."""
    header = {"alg": "HS256", "typ": "JWT"} | ({"kid": kid} if kid else {})
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims() | {"token_type": kind}))
    return f"{text}.{encoded(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def unsigned(algorithm, kid):
    """A token with this `kid`, which may be anything, and a signature that is nobody's."""
    header = {"alg": algorithm, "typ": "JWT", "kid": kid}
    return ".".join(
        encoded(part) for part in (*(json.dumps(part).encode() for part in (header, claims())), bytes(64))
    )


def public_forms(jwk):
    """The public key as somebody may take it for a secret: as text of three kinds."""
    key = jwt.PyJWK(of_the_key(jwk)).key
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    raw = base64.urlsafe_b64decode(jwk["x"] + "==")
    return {
        "the PEM as secret": pem,
        "its bytes as secret": raw,
        "the JWK as secret": json.dumps(jwk).encode(),
    }


def shared_secrets():
    """What a server of this tree could sign with before this step, by file: a server that uses the first has made it."""
    files = (TREE / ".development_signing_key", TREE / ".development_key")
    return {file.name: file.read_bytes().strip() for file in files if file.exists()}


def secret_key():
    return (TREE / ".development_key").read_bytes().strip()


def signed_by_the_shop(headers, *, by="first", **changes):
    """A token that this key of the tree has signed, with these headers and claims; no token where there is no such key."""
    file = TREE / ".keyring" / f"{by}.pem"
    if not file.exists():
        return "none"
    key = load_pem_private_key(file.read_bytes(), password=None)
    algorithm = "EdDSA" if isinstance(key, ed25519.Ed25519PrivateKey) else "ES256"
    return jwt.encode(claims() | changes, key, algorithm, headers)


def signer(token):
    """The name of the tree's key that has signed this token."""
    for file in sorted((TREE / ".keyring").glob("*.pem")):
        public = load_pem_private_key(file.read_bytes(), password=None).public_key()
        with contextlib.suppress(jwt.PyJWTError):
            jwt.PyJWS().decode(token, public, algorithms=["EdDSA", "ES256"])
            return file.stem
    return "no key of the ring"


def with_leeway(folder, server, token):
    """What a copy of the tree says to this token, if one line more gives it a LEEWAY."""
    tree = lay(TREE, folder / "tree")
    with (tree / "drf_course/simple_jwt.py").open("a", encoding="utf-8") as file:
        file.write('\nSIMPLE_JWT = SIMPLE_JWT | {"LEEWAY": 60}\n')
    variables = {
        "JWT_KEYRING": STAGES["published"],
        "JWT_KEY_FOLDER": str(TREE / ".keyring"),
        "OF_THE_CHECK": token,
    }
    arguments = ["shell", "--verbosity", "0", "--command", VERIFY]
    _, out, err = command(tree, arguments, environment(tree, server.folder / "db.sqlite3", **variables))
    return out.strip() or err.strip()[-200:]


def how_it_ends(server, folder, pem, ring):
    """The start of a server of the tree with this ring, as far as its settings and system checks go."""
    variables = {"JWT_KEY_FOLDER": str(folder), "JWT_KEYRING": ring}
    code, *said = command(TREE, ["check"], environment(TREE, server.folder / "db.sqlite3", **variables))
    if not code:
        return "the server starts"
    said = "".join(said)
    if leaked(said, {"the key": pem.splitlines()[1]}):
        return "refused, and the key is shown"
    return "refused, and the file is named" if str(folder) in said else f"refused: {said.strip()[-200:]}"


def at(section):
    return f"11, section {section}"
