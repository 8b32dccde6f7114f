"""The eight laboratories about JWT of PortSwigger's Web Security Academy, against stock simplejwt: one attack works."""

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from testkit.hostile.signing import HEADER, honest_claims, part, signed

ADMIN, STUDENT = honest_claims("access", 1), honest_claims("access", 2)
GUESSED = "secret1"  # it is in every list of common keys
STRONG = "k" * 64


def forged(header, key=""):
    """A token of the admin with this header, signed with HMAC and this key, also where PyJWT would refuse it."""
    return signed(ADMIN, key, HEADER | header)


def edited():
    """A student's token with the admin's claims, and the student's signature."""
    header, _, signature = jwt.encode(STUDENT, STRONG).split(".")
    return f"{header}.{part(ADMIN)}.{signature}"


@pytest.fixture(scope="module")
def pair():
    """A private key of a server's, and its public key as PEM."""
    private = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    text, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return private, private.public_key().public_bytes(text, form).decode()


@pytest.fixture
def with_pair(pair):
    private, public = pair
    return TokenBackend("RS256", private, public)


STOCK = TokenBackend("HS256", STRONG)
AT_A_STRANGER = {"kid": "mine", "jku": "http://127.0.0.1:9/jwks.json"}
OTHER_ALGORITHM = "Invalid algorithm specified"


def signed_by_a_stranger(header=None):
    """The admin's claims under a stranger's key, which is in the header where nothing else is."""
    own = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    jwk = jwt.get_algorithm_by_name("RS256").to_jwk(own.public_key(), as_dict=True)
    return jwt.encode(ADMIN, own, "RS256", header or {"jwk": jwk})


def refuses(backend, token, why="Token is invalid"):
    with pytest.raises(TokenBackendError, match=why):
        backend.decode(token)


def test_1_unverified_signature():
    refuses(STOCK, edited())


@pytest.mark.parametrize("spelled", ["none", "None", "nOnE"])
def test_2_flawed_verification(spelled):
    refuses(STOCK, forged({"alg": spelled}).rpartition(".")[0] + ".", OTHER_ALGORITHM)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_3_a_weak_key_works():
    assert TokenBackend("HS256", GUESSED).decode(forged({}, GUESSED))["user_id"] == "1"
    refuses(STOCK, forged({}, GUESSED))


def test_4_a_key_in_the_header(with_pair):
    refuses(with_pair, signed_by_a_stranger())


def test_5_a_key_at_an_address_in_the_header(with_pair):
    refuses(with_pair, signed_by_a_stranger(AT_A_STRANGER))


@pytest.mark.parametrize("key", ["", "\0"])
def test_6_kid_as_a_path(key):
    refuses(STOCK, forged({"kid": "../../../dev/null"}, key))


def test_7_and_8_the_public_key_as_a_secret(with_pair, pair):
    """The eighth derives the public key from two tokens, and then does the same."""
    _, public = pair
    for key in (public, public.strip()):
        refuses(with_pair, forged({}, key), OTHER_ALGORITHM)
    assert with_pair.decode(with_pair.encode(ADMIN))["user_id"] == "1"
