"""What step 10 asks: attacks that get in where a server has a hole, and a server of yours that none of them gets into."""

import base64
import hmac
import json
import os
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.utils import base64url_decode

from workshop.attacks import encoded
from workshop.expect import answer, expect, expect_each, told
from workshop.learner import attack_matrix, manifest, tree
from workshop.learner.attack_matrix import KeyPair, load
from workshop.learner.check_plugin import TREE
from workshop.servers.vulnerable import vulnerable

FILE = "client/attacks.py"
IN, INVALID = (200, None), (401, "Token is invalid")
ONESELF = (403, "You do not have permission to perform this action.")
JUST_USED = (401, "Token was just used")
NO_CREDENTIALS = (401, "Authentication credentials were not provided.")
ALL_ORDERS, ORDERS, VERIFY = "/orders/", "/user-orders/", "/api/token/verify/"
PAIR = KeyPair()
# Names that only these checks give to a server, so that no file of a tree can hold them, and keys that are known here.
NAMES = {"ISSUER": "https://checks.example", "AUDIENCE": "checks-api"}
SECRET_KEY, SIGNING_KEY = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
# BEGIN RSA PUBLIC KEY, with an empty line before it, as a text in triple quotes may have: whoever knows a public key by
# the first words of the usual form does not know this one.
PUBLIC = (
    "\n"
    + PAIR.key.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1)
    .decode()
)
SPELLINGS = ("none", "None", "NONE", "nOnE", "NonE")
# Each leads from drf_course/ to the empty file api/__init__.py, also when "../" or a first "/" is taken out.
PATHS = (
    "../api/__init__.py",
    "....//api/__init__.py",
    "./../api/__init__.py",
    "{tree}/api/__init__.py",
    "__init__.py",
)


@pytest.fixture(scope="module")
def running(serve_once):
    """Your server with a key pair, as step 11 will have it: only where there is a public key can one be confused."""
    simple_jwt = PAIR.simple_jwt | NAMES | {"VERIFYING_KEY": PUBLIC}
    return serve_once(access=300, refresh=3600, simple_jwt=simple_jwt)


@pytest.fixture(scope="module")
def both(serve_once, running):
    """Your server with one secret, and the one with a key pair: a hole may be open at one of them only."""
    variables = {"DJANGO_SECRET_KEY": SECRET_KEY, "JWT_SIGNING_KEY": SIGNING_KEY}
    plain = serve_once(access=300, refresh=3600, simple_jwt=NAMES, environment=variables)
    return {"HS256": plain, "RS256": running}


@pytest.fixture(scope="module")
def hole(tmp_path_factory):
    """A server with several holes and a weak key, whatever is in work/."""
    before = tree.before_answer(tmp_path_factory.mktemp("hole") / "before", manifest.find("10"))
    with vulnerable("several", before, public_key=PUBLIC) as server:
        yield server


@pytest.fixture
def loot():
    """What an attacker with the account grace has at a server."""

    def at_server(server):
        return load(TREE, "loot").Loot(url=server.url, public_key=PUBLIC, **log_in(server, "grace"))

    return at_server


@pytest.fixture(scope="module")
def forge(running):
    """An admin's access token for your server: the claims are right, header and signature are what one likes."""
    claims = claims_of(log_in(running, "admin")["access"])

    def forged(key=b"", **header):
        text = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
        return f"{text}.{encoded(hmac.digest(key, text.encode(), 'sha256'))}"

    forged.claims = claims
    return forged


def test_alg_none_gets_in_where_one_spelling_is_forbidden(learner, hole, loot, wire):
    attacks, mine = learner(FILE), loot(hole)
    means = (
        "This server forbids alg none as the standard spells it, and takes None and NONE for the same. A token without a "
        "signature still has two dots: nothing follows the second."
    )
    before = len(wire)
    sent = "alg_none() to a vulnerable server"
    expect(answer(attacks.alg_none(mine)), IN, sent=sent, means=means, see=at(1))
    after = [response.status_code for response in wire[before:]]
    means = "It went on when it was in. A server that takes None need not take NONE: stop at the first 2xx, and give that back."
    expect(after.count(200), 1, sent=f"{sent}, and counted the 2xx", means=means, see=at(1))
    before = len(wire)
    response = attacks.alg_none(replace(mine, url=f"{hole.url}/nowhere"))
    tried = [response.request.headers["Authorization"].split()[-1] for response in wire[before:]]
    spelled = [jwt.get_unverified_header(token)["alg"] for token in tried]
    got = {
        "status": answer(response)[0],
        "not tried": sorted({"none", "None", "NONE"}.difference(spelled)),
        "gave back": "the last" if tried[-1] in response.request.headers["Authorization"] else "another",
    }
    means = (
        "An attack is over when it got in, which is a 2xx. A 404, 403 or 500 is as little as a 401: a server may refuse one "
        "spelling in another way than the next, so go on with the next, and give back the last response."
    )
    sent = "alg_none() to an address of the same server where nothing is, and read the requests"
    wanted = {"status": 404, "not tried": [], "gave back": "the last"}
    expect_each(got, wanted, sent=sent, means=means, see=at(1))


def test_a_weak_key_is_found_and_used(learner, hole, loot, wire):
    mine = loot(hole)
    before = len(wire)
    response = learner(FILE).weak_key(mine)
    asked = len(wire) - before
    means = (
        "The server signs with a word of COMMON_KEYS. The right word is the one that makes the third part of loot.access "
        "from the first two: try each as it is written, capitals and all. The claim user_id says whose token it is; any other claim is decoration."
    )
    expect(answer(response), IN, sent="weak_key() to a server with a weak key", means=means, see=at(2))
    means = (
        "A token and its signature are enough to try every word at home, tens of thousands in a second, and no log shows it. Whoever "
        "asks the server for each guess is slow, and is seen."
    )
    expect(asked, 1, sent="requests by weak_key()", means=means, see=at(2))
    common = load(TREE, "loot").COMMON_KEYS
    words = [common[0], min(common, key=len), common[-1]]
    got = {}
    for word in words:
        claims = claims_of(mine.access) | {"aud": "somebody", "exp": 1_000_000_000}
        learner(FILE).weak_key(replace(mine, access=jwt.encode(claims, word, "HS256")))
        forged = wire[-1].request.headers["Authorization"].split()[-1]
        got[word] = claims_of(forged)["user_id"] if is_signed(forged, word) else "not found"
    means = (
        "Whether a word is the key shows in the signature alone, of any token: this one has expired, and has an audience. A library "
        "that also looks at the claims rejects it with the right word as well. Try every word of the list, the short ones, too."
    )
    sent = "weak_key() tokens of yesterday, with an audience, each signed with one of the words"
    expect_each(got, dict.fromkeys(words, "1"), sent=sent, means=means, see=at(2))


def test_without_a_weak_key_the_own_token_is_presented(learner, both, loot):
    response = learner(FILE).weak_key(loot(both["HS256"]))
    means = "The key of your server is none of these words, so nothing was won: grace is still grace, and no admin."
    expect(answer(response), ONESELF, sent="weak_key() to your server", means=means, see=at(2))


def test_a_public_key_becomes_a_secret(learner, hole, loot):
    response = learner(FILE).confused_algorithm(loot(hole))
    means = (
        "This server verifies HS256, when the header says so, with the text of the public key: all of it, byte for byte, "
        "with its first and last line."
    )
    expect(answer(response), IN, sent="confused_algorithm() to a vulnerable server", means=means, see=at(3))


def test_kid_leads_to_a_file_that_everybody_knows(learner, hole, loot):
    response = learner(FILE).kid_as_path(loot(hole))
    means = (
        "This server reads its key from the file drf_course/<kid>. From there `..` leads up, and an empty file is an empty "
        'key: b"".'
    )
    expect(answer(response), IN, sent="kid_as_path() to a vulnerable server", means=means, see=at(4))


def test_no_spelling_of_none_gets_in(running, forge):
    got = {word: present(running, unsigned_as(word, forge)) for word in SPELLINGS}
    ended = forge.claims | {"exp": 1_000_000_000}
    got["none, and expired"] = present(running, jwt.encode(ended, None, "none"))
    got["RS256 by a stranger, and expired"] = present(running, jwt.encode(ended, KeyPair().key, "RS256"))
    means = (
        "The header is the attacker's. A list of forbidden spellings is never complete: compare the algorithm with the one "
        "of SIMPLE_JWT, and refuse every other."
    )
    sent = (
        f"an admin's token without a signature to GET {ALL_ORDERS}, its alg spelled in {len(SPELLINGS)} ways; and two that have "
        "expired, without a signature and with a stranger's"
    )
    if told((401, "Token is expired")) in got.values():
        means = "Without a signature nothing in a token is true, and so not its expiry: look at the signature first, then at the claims."
    expect_each(got, dict.fromkeys(got, told(INVALID)), sent=sent, means=means, see=at(1))


def test_another_algorithm_than_that_of_the_settings_is_refused(both, forge):
    others = {
        "RS384": PAIR.key,
        "RS512": PAIR.key,
        "PS256": PAIR.key,
        "HS384": SIGNING_KEY,
        "HS512": SIGNING_KEY,
    }
    got = {
        name: present(both["HS256" if key is SIGNING_KEY else "RS256"], jwt.encode(forge.claims, key, name))
        for name, key in others.items()
    }
    got["HS256, of the key pair"] = present(both["RS256"], forge(PAIR.private.encode(), alg="HS256"))
    means = (
        "The signature is right, by an algorithm that only the header asks for. So the header decides how your server "
        "verifies, and the next one asks for another. Compare it with the algorithm of SIMPLE_JWT, which is RS256 or HS256 here."
    )
    sent = f"an admin's token to GET {ALL_ORDERS}, signed with the server's own key by other algorithms"
    expect_each(got, dict.fromkeys(got, told(INVALID)), sent=sent, means=means, see=at(3))


def test_a_part_of_a_signature_is_none(both):
    for algorithm, server in both.items():
        text, _, signature = log_in(server, "admin")["access"].rpartition(".")
        whole = base64url_decode(signature)
        parts = {
            "nothing": b"",
            "the first bytes": whole[:15],
            "the first half": whole[: len(whole) // 2],
            "all bytes but the last": whole[:-1],
            "all, and more": whole + bytes(300),
            "with the first byte changed": but_for(whole, 0),
            "with a byte in the middle changed": but_for(whole, len(whole) // 2),
            "with the last byte changed": but_for(whole, len(whole) - 1),
        }
        got = {name: present(server, f"{text}.{encoded(part)}") for name, part in parts.items()}
        got["small letters for capitals, and capitals for small ones"] = present(
            server, f"{text}.{signature.swapcase()}"
        )
        means = (
            "Compare the whole signature, every byte and the length, as hmac.compare_digest does. A token gets in here with a "
            "signature that nobody with the key made."
        )
        if got["nothing"] != told(INVALID):
            means += " zip() ends with the shorter of two: an empty signature differs from the right one in no byte."
        sent = f"an admin's token to GET {ALL_ORDERS} of your server with {algorithm}, with a part of its signature, or a changed one"
        expect_each(got, dict.fromkeys(got, told(INVALID)), sent=sent, means=means, see=at(1))


def test_a_public_key_is_no_secret(running, forge):
    got = present(running, forge(PUBLIC.encode(), alg="HS256"))
    means = (
        "Your server has a key pair here, and its public key is known to everybody. It was used as the secret of HS256, "
        "because the header said HS256. The server decides the algorithm."
    )
    sent = f"an admin's token to GET {ALL_ORDERS}, signed with the text of the public key (HS256)"
    expect(got, told(INVALID), sent=sent, means=means, see=at(3))


def test_no_other_setting_is_a_key(both, forge):
    issuer, audience = NAMES.values()
    named = {
        "issuer": issuer,
        "iss": issuer,
        "audience": audience,
        "aud": audience,
        "algorithm": "HS256",
        "alg": "HS256",
    }
    # Settings of Django, which everybody knows who has seen the repository; one of them is a secret.
    django = {"ROOT_URLCONF": "hardening.urls", "LANGUAGE_CODE": "en-us", "SECRET_KEY": SECRET_KEY}
    # Empty in a shop with one secret. A kid may be the name of a key, or of what it is for.
    named |= dict.fromkeys(("verifying_key", "jwk_url", "public_key", "public", "RS256", "ES256"), "")
    named |= {name.upper(): value for name, value in named.items()} | django
    got = {f"kid {name}": forge(value.encode(), alg="HS256", kid=name) for name, value in named.items()}
    others = {"SECRET_KEY": SECRET_KEY, "VERIFYING_KEY, which is empty": "", **NAMES}
    got |= {f"{name}, no kid": forge(value.encode(), alg="HS256") for name, value in others.items()}
    got = {name: present(both["HS256"], token) for name, token in got.items()}
    means = (
        "Your tokens are signed with SIGNING_KEY, and no other setting is good for verifying one, whether or not a kid names it: "
        "most of them are no secret, for every token shows issuer and audience, and each secret is one more that can leak. "
        "Tokens that an old key signed end by themselves. There is one key: do not look for another, and take no empty one where "
        "a name is unknown."
    )
    sent = f"an admin's token to GET {ALL_ORDERS}, signed with the value of another setting, with its name as kid and without"
    expect_each(got, dict.fromkeys(got, told(INVALID)), sent=sent, means=means, see=at(4))


@pytest.fixture
def lying_around():
    """A file as a key may lie beside the settings."""
    file = TREE / "drf_course/a-key-of-the-checks.pem"
    file.write_text(secrets.token_urlsafe())
    yield file
    file.unlink()


def test_kid_leads_to_no_file(both, forge, tmp_path, lying_around):
    means = (
        "The kid is text from a stranger, and it was used as a path. Taking `../` out leaves `....//`, which is `../` "
        "afterwards, and drf_course/ itself holds an empty file, and others that whoever has seen the repository knows. "
        "There is one key: do not look for another. A name that you do not know is no empty key either."
    )
    for algorithm, server in both.items():
        files = {path.format(tree=server.tree): b"" for path in PATHS} | {
            os.path.relpath(file, server.tree / "drf_course"): file.read_bytes()
            for file in (lying_around, server.tree / "manage.py", *server.tree.glob("drf_course/*.py"))
        }
        files |= {file.name: file.read_bytes() for file in server.tree.glob(".development*key")}
        got = {path: present(server, forge(key, alg="HS256", kid=path)) for path, key in files.items()}
        got |= {
            f"{path}, stripped": present(server, forge(key.strip(), alg="HS256", kid=path))
            for path, key in files.items()
            if key
        }
        sent = (
            f"an admin's token to GET {ALL_ORDERS} of your server with {algorithm}, its kid leading to a file, and the "
            "content of that file its key"
        )
        expect_each(got, dict.fromkeys(got, told(INVALID)), sent=sent, means=means, see=at(4))
    stranger, file = KeyPair(), tmp_path / "key.pem"
    file.write_text(stranger.public, encoding="utf-8")
    got = present(both["RS256"], jwt.encode(forge.claims, stranger.key, "RS256", {"kid": str(file)}))
    sent = f"an admin's token to GET {ALL_ORDERS}, signed by a stranger (RS256), its kid leading to a file with the stranger's public key"
    expect(got, told(INVALID), sent=sent, means=means, see=at(4))


def test_a_token_does_not_bring_its_own_key(running, both, forge):
    curve, rsa = generate_private_key(SECP256R1()), KeyPair().key
    public = {
        "ES256": ECAlgorithm.to_jwk(curve.public_key(), as_dict=True),
        "RS256": RSAAlgorithm.to_jwk(rsa.public_key(), as_dict=True),
    }
    got = {
        name: present(
            running, jwt.encode(forge.claims, key, name, headers={"jwk": public[name] | {"alg": name}})
        )
        for name, key in (("ES256", curve), ("RS256", rsa))
    }
    mine = {"kty": "oct", "k": encoded(b"mine"), "alg": "HS256"}
    got["HS256"] = present(both["HS256"], forge(b"mine", alg="HS256", jwk=mine))
    brought = {"x5c": [base64.b64encode(certificate(rsa)).decode()]}
    got["RS256, in a certificate (x5c)"] = present(running, jwt.encode(forge.claims, rsa, "RS256", brought))
    means = (
        "The signature is right, for the key that came with the token. Anybody can make a key: what it is like proves "
        "nothing about whose it is."
    )
    sent = f"an admin's token to GET {ALL_ORDERS}, signed with a stranger's key, which is in its header (jwk, or x5c)"
    expect_each(got, dict.fromkeys(got, told(INVALID)), sent=sent, means=means, see=at(4))


def test_a_token_of_another_service_is_refused(running, forge):
    issuer, audience = NAMES.values()
    got = {"iss": forge.claims.get("iss"), "aud": forge.claims.get("aud")}
    means = (
        "The decoder also signs. It compares and writes the names that it is made with in ready(), and without them it "
        "does neither: give it AUDIENCE and ISSUER of SIMPLE_JWT, each as what it is."
    )
    sent = "a login to your server, whose SIMPLE_JWT has an ISSUER and an AUDIENCE of its own, and looked for both in the access token"
    expect_each(got, {"iss": issuer, "aud": audience}, sent=sent, means=means, see=at(5))
    others = {
        "of the same issuer": {"iss": issuer, "aud": "newsletter"},
        "for us, of another issuer": {"iss": "https://newsletter.example", "aud": audience},
        "without both": {},
        "with one name in the place of the other": {"iss": audience, "aud": issuer},
        "without issuer": {"aud": audience},
        "without audience": {"iss": issuer},
        "refresh token": {"iss": issuer, "aud": "newsletter", "token_type": "refresh"},
        "with an empty list of audiences": {"iss": issuer, "aud": []},
        "with a list of other audiences": {"iss": issuer, "aud": ["newsletter", "blog"]},
    }
    others |= {f"whose issuer is {name!r}": {"iss": name, "aud": audience} for name in nearly(issuer)}
    others |= {f"whose audience is {name!r}": {"iss": issuer, "aud": name} for name in nearly(audience)}
    got = {name: verify(running, forge.claims, **claims) for name, claims in others.items()}
    means = (
        "The signature is right, because the other service signs with the same key. Its user 1 is not ours. Compare the "
        "audience and the issuer, both, whole, letter by letter, and in every token: the refresh token is the one that lives longest."
    )
    sent = f"tokens of another service with the same key to POST {VERIFY}"
    expect_each(got, dict.fromkeys(others, told(INVALID)), sent=sent, means=means, see=at(5))


def test_your_attacks_do_not_get_into_your_server(learner, running, loot):
    attacks, mine = learner(FILE), loot(running)
    names = ("alg_none", "confused_algorithm", "kid_as_path")
    got = {name: told(answer(getattr(attacks, name)(mine))) for name in names}
    means = "What gets into the vulnerable server must not get into yours: close the hole in drf_course/decoder.py."
    expect_each(
        got, dict.fromkeys(names, told(INVALID)), sent="your attacks to your server", means=means, see=at(6)
    )


def test_whatever_a_token_is_it_gets_401(running, forge):
    without = {name: value for name, value in forge.claims.items() if name != "exp"}
    odd = {
        "no exp": jwt.encode(without, PAIR.key, "RS256"),
        "an exp that is a text": jwt.PyJWS().encode(
            json.dumps(without | {"exp": "x"}).encode(), PAIR.key, "RS256"
        ),
        "a payload that is a list": jwt.PyJWS().encode(b"[1]", PAIR.key, "RS256"),
        "an alg that is a list": forge(alg=["RS256"]),
        "no alg": forge(),
        "no base64url": "a.b.c",
        "a header of 20,000 brackets": f"{encoded(b'[' * 20_000)}.e30.",
    }
    got = {name: present(running, token).partition(" ")[0] for name, token in odd.items()}
    means = (
        "A token may be anything, for anybody can send one. Whatever goes wrong while it is read makes it an invalid token, "
        "a TokenBackendError. A 500 tells a stranger where your code ends, and wakes somebody at night."
    )
    if "500" in got.values():
        means += (
            " The line that raised is seldom wrong: the `except` around it names other errors than this one."
        )
    sent = f"tokens to GET {ALL_ORDERS} that are none"
    expect_each(got, dict.fromkeys(odd, "401"), sent=sent, means=means, see=at(6))


def test_an_honest_client_still_gets_in(running):
    pair = log_in(running, "ada")
    refreshed = refresh(running, pair["refresh"])
    access = refreshed.json().get("access", "")
    got = [
        present(running, pair["access"], ORDERS),
        told(answer(refreshed)),
        present(running, access, ORDERS),
    ]
    means = (
        "This client did nothing wrong. A server that refuses everybody is not safe, it is closed. Here it has a key pair in "
        "SIMPLE_JWT (RS256, SIGNING_KEY, VERIFYING_KEY): verify in the way that SIMPLE_JWT says."
    )
    sent = f"a good access token to GET {ORDERS}, a refresh, and the new access token"
    expect(got, ["200", "200", "200"], sent=sent, means=means, see=at(6))
    again = answer(refresh(running, pair["refresh"]))
    means = (
        "A refresh token works once. simplejwt writes the next id into the claims that your decoder gives it: whoever remembers "
        "the claims of a token has changed them, too, and the next time the spent token has an id that is new. Read each token anew."
    )
    sent = "the same refresh token once more, at once"
    expect(again, JUST_USED, sent=sent, means=means, see=at(6))


def test_a_cookie_alone_is_no_credential(running):
    access = log_in(running, "admin")["access"]
    jars = [{name: access} for name in ("access", "access_token", "token", "jwt")]
    product = {"name": "Ride", "description": "Along.", "price": "1.00", "stock": 1}
    headers = {"Origin": "https://elsewhere.example"}
    got = {
        told(
            answer(
                requests.post(
                    f"{running.url}/products/", data=product, cookies=jar, headers=headers, timeout=5
                )
            )
        )
        for jar in jars
    }
    means = (
        "A browser sends a cookie along with whatever request any page makes it send. HttpOnly keeps a script from reading "
        "it, and not from using it. Without a CSRF check, a form on a stranger's page adds products as the admin."
    )
    sent = "POST /products/ with an admin's token in a cookie, from a page elsewhere"
    expect(got, {told(NO_CREDENTIALS)}, sent=sent, means=means, see=at(8))


def test_the_attack_list_is_refused(attacks):
    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see=at(6))


@cache
def log_in(server, name):
    """The token pair of one login for each server and name."""
    return attack_matrix.log_in(server, name)


def but_for(whole, place):
    """These bytes, but for the one at this place."""
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def certificate(key):
    """One that the owner of the key has signed, for whatever name they like."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    valid = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    valid = valid.not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
    return valid.sign(key, SHA256()).public_bytes(serialization.Encoding.DER)


def nearly(name):
    """What a careless comparison takes for this name: by a part of it, by its host, without capitals, or by default."""
    inside = (f"{name} newsletter", f"newsletter,{name}", f" {name}\n")
    return *inside, name.upper(), f"{name}/", f"{name}/newsletter", f"x-{name}", name[:-1], ""


def is_signed(token, key):
    """Whether this key made the signature, whatever the claims say."""
    text, _, signature = token.rpartition(".")
    return hmac.compare_digest(
        hmac.digest(key.encode(), text.encode(), "sha256"), base64url_decode(signature)
    )


def unsigned_as(word, forge):
    header, payload, _ = forge(alg=word).split(".")
    return f"{header}.{payload}."


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def verify(server, claims, **changes):
    """What the verify endpoint says to a token with other names in it, signed with the server's own key."""
    changed = {name: value for name, value in claims.items() if name not in ("iss", "aud")} | changes
    changed["jti"] = secrets.token_hex(16)
    token = jwt.encode(changed, PAIR.key, "RS256")
    return told(answer(requests.post(f"{server.url}{VERIFY}", json={"token": token}, timeout=5)))


def refresh(server, token):
    return requests.post(f"{server.url}/api/token/refresh/", json={"refresh": token}, timeout=5)


def present(server, token, path=ALL_ORDERS):
    """Status and reason in words."""
    headers = {"Authorization": f"Bearer {token}"}
    return told(answer(requests.get(f"{server.url}{path}", headers=headers, timeout=5)))


def at(section):
    return f"10, section {section}"
