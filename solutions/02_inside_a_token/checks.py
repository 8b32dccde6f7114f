"""What step 02 asks: read a token without a key, verify its signature with one, and name why it is refused."""

import ast
import base64
import hashlib
import hmac
import itertools
import json
import secrets
import string
import time
from pathlib import Path

import jwt
import pytest
import requests

from workshop import claims
from workshop.attacks import damaged
from workshop.expect import answer, expect
from workshop.learner import manifest, tree
from workshop.servers.live_server import LiveServer

FILE = "client/token_reader.py"
INVALID = (401, "Token is invalid")
# With a blank at each end and a letter outside ASCII: all of a key counts, as it is.
OTHER_KEY = " a key of these checks alone, which has nothing to do with the server's own, and is l\N{LATIN SMALL LETTER O WITH DIAERESIS}ng enough "
STRANGERS_KEY = "a key of somebody on the way, who would like to be believed as well, and is not to be"
FAR = 4_000_000_000  # seconds since 1970: an expiry that no run of these checks will see
CLAIMS = "its claims"
LETTERS = f"{string.ascii_uppercase}{string.ascii_lowercase}{string.digits}-_"
MARKS = {"-", "_"}  # the two letters in which base64url differs from base64
SKIPPED = (
    "urlsafe_b64decode() skips every letter that base64url does not have, without a word, and reads what is left. "
    "Look at the letters first."
)


@pytest.fixture(scope="module")
def shop(running, tmp_path_factory):
    """The tree's server, as long as it signs as this step teaches.

    Later steps change algorithm, key and claims. What was learned here is then checked on the shop as it was here.
    """
    if signs_as_taught(running):
        yield running
        return
    folder = tmp_path_factory.mktemp("shop")
    with LiveServer(tree.before_answer(folder, manifest.find("02"))) as server:
        yield server


@pytest.fixture
def url(shop):
    return shop.url


@pytest.fixture
def key(shop):
    """The signing key, from the file that the server made when it first started. It is never shown."""
    return key_of(shop)


@pytest.mark.parametrize("username", ["ada", "grace"])
def test_a_token_of_the_server_is_read_without_the_key(url, learner, username):
    sent = f"{username}'s access token to read(), and no key"
    reads(learner(FILE), login(url, username), sent, "02, section 1")


READABLE = {  # their parts need no padding, one =, or two
    "with - and _ in its parts": lambda: minted(OTHER_KEY, MARKED, marked=True),
    "with letters outside ASCII in its payload": lambda: of_parts(
        encoded(json.dumps({"name": "Grüße, 민지 ✓"}, ensure_ascii=False).encode())
    ),
    "of alg none, without a signature": lambda: of_algorithm("none", OTHER_KEY),
    "that expired in 2023": lambda: minted(OTHER_KEY, ADA | {"exp": 1_700_000_001}),
    "signed by somebody else": lambda: minted(STRANGERS_KEY, ADA),
    "without any claim": lambda: of_parts(written({})),
    "whose header has the typ at+jwt (RFC 9068)": lambda: minted(
        OTHER_KEY, ADA, header={"alg": "HS256", "typ": "at+jwt"}
    ),
}


@pytest.mark.parametrize("kind", READABLE)
def test_a_token_is_decoded_and_nothing_more(learner, kind):
    reads(learner(FILE), READABLE[kind](), f"a token {kind} to read()", "02, section 3")


NO_UTF8 = b'{"alg":"HS256","a":"\xff"}'
DEEP = "JSON 100,000 levels deep"
NO_TOKENS = {
    "no part at all": lambda token: "",
    "one part": lambda token: "token",
    "two parts": lambda token: token.rpartition(".")[0],
    "four parts": lambda token: f"{token}.bm8",
    "no JSON in it": lambda token: "bm8.dG9rZW4.bm8",
    "a header that is an empty list": lambda token: ".".join(["W10", *token.split(".")[1:]]),
    "a payload that is a list": lambda token: replaced(token, "WzFd"),
    "a payload that is a list of pairs": lambda token: replaced(token, written(list(ADA.items()))),
    "a payload that is null": lambda token: replaced(token, "bnVsbA"),
    "a header that is no UTF-8": lambda token: ".".join([encoded(NO_UTF8), *token.split(".")[1:]]),
    "a payload that is no UTF-8": lambda token: replaced(token, encoded(NO_UTF8)),
    "a part that no base64 has, of five letters": lambda token: f"{token.rpartition('.')[0]}.abcde",
    "four ! among its letters": lambda token: f"{token[:-4]}!!!!{token[-4:]}",
    "four \xe9 among its letters": lambda token: f"{token[:-4]}{chr(0xE9) * 4}{token[-4:]}",
    "a + among its letters": lambda token: f"{token[:-4]}+{token[-3:]}",
    "padding behind its signature": lambda token: f"{token}=",
    "a line end behind its header": lambda token: token.replace(".", "\n.", 1),
    "a line end behind its signature": lambda token: f"{token}\n",
    DEEP: lambda token: replaced(token, encoded(b'{"a":' + b"[" * 100_000)),
}
NO_OBJECT = (
    "The first two parts are JSON objects, and a list or null is none. dict() makes one of an empty list, and of a list of "
    "pairs: ask isinstance()."
)
NO_LETTER = (
    "base64url has neither + nor /, and Python's decoders read them as - and _: one token would have two spellings. "
    "Look at the letters first."
)
NO_LINE_END = (
    "One token would have two spellings: strip() takes a line end away, and `$` of a regular expression looks past one. "
    "fullmatch() looks at every letter."
)
NO_BYTE = "JSON is UTF-8. A byte that is none makes it no JSON, and to leave it out makes another text."
NO_TOKEN_MEANS = {
    "a header that is no UTF-8": NO_BYTE,
    "a payload that is no UTF-8": NO_BYTE,
    "a line end behind its header": NO_LINE_END,
    "a line end behind its signature": NO_LINE_END,
    "a header that is an empty list": NO_OBJECT,
    "a payload that is a list of pairs": NO_OBJECT,
    "a payload that is a list": NO_OBJECT,
    "a payload that is null": NO_OBJECT,
    "padding behind its signature": "Tokens leave the padding out: one token would have two spellings.",
    "four ! among its letters": SKIPPED,
    "four \xe9 among its letters": f"{SKIPPED} In a pattern, write them out: \\w has the letters of all languages.",
    "a + among its letters": NO_LETTER,
    "a part that no base64 has, of five letters": "Four letters are three bytes, and one letter left over is not even one byte: refuse it.",
    DEEP: "json.loads() raises RecursionError here, which is no ValueError: catch it, too.",
    "four parts": "A token has exactly three parts.",
}


@pytest.mark.parametrize("fault", NO_TOKENS)
def test_what_is_no_token_is_said_to_be_none(learner, fault):
    module = learner(FILE)
    text = NO_TOKENS[fault](minted(OTHER_KEY, ADA))
    refuses(module, fault, "read", lambda: module.read(text))
    refuses(module, fault, "verify", lambda: module.verify(text, OTHER_KEY, now=time.time()))


def refuses(module, fault, name, call):
    """The call says that a text with this fault is no token."""
    try:
        got = f"{type(call()).__name__} as if it were a token"
    except module.NotAToken as error:
        got = "NotAToken" if str(error) else "NotAToken without a message"
    except (module.Refused, ValueError, RecursionError) as error:
        got = f"{type(error).__name__}: {error}"
    means = NO_TOKEN_MEANS.get(fault, "Anything can arrive where a token should be.")
    if got == "NotAToken without a message":
        means = "The message says what is wrong with the text: somebody has to find the mistake."
    elif not got.endswith("as if it were a token"):
        means += f" Whoever calls {name}() waits for NotAToken here."
    expect(got, "NotAToken", sent=f"a text with {fault} to {name}()", means=means, see="02, section 2")


def test_a_signature_of_the_server_is_recognised(url, learner, key):
    signed(learner(FILE), login(url, "ada"), key, True, "ada's access token and the server's key")


SPACED = {"header": lambda: json.dumps(HEADER, indent=1), "payload": lambda: json.dumps(ADA, indent=1)}


@pytest.mark.parametrize("where", SPACED)
def test_the_parts_are_signed_as_they_are(learner, where):
    spaced = encoded(SPACED[where]().encode())
    token = of_parts(spaced) if where == "payload" else of_parts(written(ADA), header=spaced)
    signed(
        learner(FILE), token, OTHER_KEY, True, f"a token with spaces in the JSON of its {where}, and the key"
    )


EDITS = ["payload", "spare bits", "signature", "middle", "end", "key", "empty", "cut", "longer"]


@pytest.mark.parametrize("edit", EDITS)
def test_a_signature_that_does_not_fit_is_noticed(learner, edit):
    token = edited(minted(OTHER_KEY, ADA), edit)
    signed(learner(FILE), token, OTHER_KEY, False, f"{EDITED[edit]} and the key")


@pytest.mark.parametrize("alg", ["none", "HS512"])
def test_the_header_does_not_choose_how_to_verify(learner, alg):
    module = learner(FILE)
    signed(module, of_algorithm(alg, OTHER_KEY), OTHER_KEY, False, f"a token of alg {alg} and the key")
    token = of_parts(written(ADA), header=written({"alg": alg, "typ": "JWT"}))
    got = outcome(module, lambda: module.is_signed_with(token, OTHER_KEY))
    sent = f"a token that says {alg} and has the HMAC-SHA256 of its parts, and the key to is_signed_with()"
    means = "That is its signature, and nothing else was asked. Whether its alg is allowed is the question of verify()."
    expect(got, True, sent=sent, means=means, see="02, section 6")


def test_the_signature_is_made_by_hand(learner, monkeypatch):
    asked = counted(monkeypatch, jwt.algorithms.HMACAlgorithm, "sign")
    module = learner(FILE)
    outcome(module, lambda: module.is_signed_with(minted(OTHER_KEY, ADA), OTHER_KEY))
    means = "This function is for your own hands: hmac.digest() makes the signature. PyJWT has its turn in verify_with_pyjwt()."
    got = "PyJWT" if asked else "not PyJWT"
    expect(
        got,
        "not PyJWT",
        sent="a token and its key to is_signed_with(), and looked who signs",
        means=means,
        see="02, section 4",
    )


def test_signatures_are_compared_in_constant_time(learner, monkeypatch):
    asked = [counted(monkeypatch, owner, "compare_digest") for owner in (hmac, secrets)]
    module = learner(FILE)
    outcome(module, lambda: module.is_signed_with(minted(OTHER_KEY, ADA), OTHER_KEY))
    got = "all of it" if any(asked) or by_other_means(module) else "as far as the first difference"
    means = "== stops at the first byte that differs, and the time it takes tells how many were right. hmac.compare_digest() looks at all of them."
    expect(
        got,
        "all of it",
        sent="a token and its key to is_signed_with(), and looked how much of the signature is compared",
        means=means,
        see="02, section 4",
    )


def test_what_a_caller_writes_is_not_trusted_later(learner):
    module, token = learner(FILE), minted(OTHER_KEY, ADA)  # one program, which could remember
    calls = {
        "read()": lambda: module.read(token)["claims"],
        "verify()": lambda: module.verify(token, OTHER_KEY, now=time.time()),
        "verify_with_pyjwt()": lambda: module.verify_with_pyjwt(token, OTHER_KEY),
    }
    for call in calls.values():
        found = outcome(module, call)
        if isinstance(found, dict):
            found["user_id"] = "1"
    again = {name: outcome(module, call) for name, call in calls.items()}
    got = [name for name, found in again.items() if isinstance(found, dict) and found.get("user_id") == "1"]
    means = (
        "The claims that it gave before came back, with what the caller wrote into them; what is remembered may also "
        "outlive its exp. Decode the token in each call."
    )
    sent = "a token of user 2 to each function, wrote user 1 into what it gave, and looked which of them says user 1 now"
    expect(got or ["none"], ["none"], sent=sent, means=means, see="02, section 5")


BAD_SIGNATURE, NOT_ALLOWED, EXPIRED = REFUSALS = [
    "Refused(bad signature)",
    "Refused(algorithm not allowed)",
    "Refused(expired)",
]


@pytest.mark.parametrize("edit", EDITS)
def test_a_forged_token_has_a_bad_signature(url, learner, key, edit):
    token = edited(minted(key, ADA), edit)
    refused(url, token, INVALID, EDITED[edit])
    means = "The server refuses it. A header that says HS256 proves nothing: make the signature again and compare."
    verifies(learner(FILE), token, key, BAD_SIGNATURE, EDITED[edit], means)
    sent = f"{EDITED[edit]}, past its exp,"
    verifies(learner(FILE), token, key, BAD_SIGNATURE, sent, TOO_EARLY, now=FAR + 1)


TOO_EARLY = "Its exp was read before its algorithm and its signature were verified: until then no claim is worth a look."


ALGORITHMS = ["none", "HS512", "missing", "hs256", "256", "PBES2-HS256+A128KW", ["HS256"]]


@pytest.mark.parametrize("alg", ALGORITHMS, ids=str)
def test_another_algorithm_is_not_allowed(url, learner, key, alg):
    token = of_algorithm(alg, key)
    sent = f"an access token of alg {alg}"
    refused(url, token, INVALID, sent)
    means = "The header comes from whoever sends the token. Compare its alg with the one you expect; do not obey it."
    verifies(learner(FILE), token, key, NOT_ALLOWED, sent, means, "02, section 6")
    means = "Several reasons hold. The algorithm comes first, then the signature, then the expiry."
    verifies(learner(FILE), token, key, NOT_ALLOWED, f"{sent}, past its exp,", means, now=FAR + 1)


TO_COME = {
    "half a second later": {"exp": FAR + 0.5},
    "in the year 33658": {"exp": 1_000_000_000_000},
    "later, as its iat and its nbf do": {"exp": FAR + 99, "iat": FAR + 9, "nbf": FAR + 9},
    "later, and which is a refresh token": {"exp": FAR + 99, "token_type": "refresh"},
    "later, and whose header has a kid and no typ": {"exp": FAR + 99},
}
OTHER_HEADER = {"later, and whose header has a kid and no typ": {"alg": "HS256", "kid": "spring"}}


@pytest.mark.parametrize("when", TO_COME)
def test_before_its_expiry_a_token_is_good(learner, when):
    token = minted(OTHER_KEY, ADA | TO_COME[when], header=OTHER_HEADER.get(when, HEADER))
    means = (
        "exp and now are both seconds since 1970, and exp is still to come: give the claims of the token. Of the claims, "
        "verify() asks for exp alone, and of the header for alg alone."
    )
    verifies(learner(FILE), token, OTHER_KEY, CLAIMS, f"a token whose exp comes {when},", means, now=FAR)


def test_past_its_expiry_a_token_is_expired(url, learner, key):
    past = int(time.time()) - 1
    token = minted(key, ADA | {"exp": past})
    sent = "an access token that expired a second ago"
    refused(url, token, (401, "Token is expired"), sent)
    means = (
        "Its signature stays good forever, and nobody but verify() asks whether exp has come, without leeway."
    )
    verifies(learner(FILE), token, key, EXPIRED, sent, means, now=past + 1)


def test_the_second_of_its_expiry_is_too_late(learner):
    means = (
        "exp is the first instant of refusal, not the last good one (RFC 7519: on or after), and `now` is the clock. What was "
        "good a second before says nothing."
    )
    module, token = learner(FILE), minted(OTHER_KEY, ADA)
    outcome(module, lambda: module.verify(token, OTHER_KEY, now=FAR - 1))  # the program could remember it
    sent = "a token, a second before its exp, and then at the very second of it,"
    verifies(module, token, OTHER_KEY, EXPIRED, sent, means, now=FAR)
    means = (
        "Both `exp` and `now` may have a fraction: compare them as they are, and cut off or round neither."
    )
    verifies(
        module,
        token,
        OTHER_KEY,
        CLAIMS,
        "a token, a quarter of a second before its exp,",
        means,
        now=FAR - 0.25,
    )
    token = minted(OTHER_KEY, ADA | {"exp": FAR + 0.5})
    verifies(
        module,
        token,
        OTHER_KEY,
        EXPIRED,
        "a token, a quarter of a second after its exp,",
        means,
        now=FAR + 0.75,
    )


def test_a_token_without_expiry_is_refused(url, learner, key):
    token = minted(key, ENDLESS)
    sent = "an access token without exp"
    refused(url, token, (401, "Token has no 'exp' claim"), sent)
    means = "A token that never ends must not be accepted: without exp, it counts as expired."
    verifies(learner(FILE), token, key, EXPIRED, sent, means)
    forged = minted(STRANGERS_KEY, ENDLESS)
    verifies(learner(FILE), forged, key, BAD_SIGNATURE, f"{sent}, of another key,", TOO_EARLY)


def refused(url, token, wanted, sent):
    """The server refuses this token, too."""
    expect(presented(url, token), wanted, sent=sent, means="The shop refuses it.", see="02, section 7")


NO_TIMES = {
    "null": None,
    "text": "tomorrow",
    "text of digits": str(FAR),
    "NaN": float("nan"),
    "1e999": float("inf"),
}


@pytest.mark.parametrize("found", NO_TIMES)
def test_an_expiry_that_is_no_number_has_come(learner, found):
    means = "Not every exp is a number, and only a finite one can be compared with `now`: any other counts as expired."
    sent = f"a token whose exp is {found}"
    token = minted(OTHER_KEY, ADA | {"exp": NO_TIMES[found]})
    module = learner(FILE)
    wanted = EXPIRED
    read = str(outcome(module, lambda: module.read(token)))
    if found in ("NaN", "1e999") and read.startswith("NotAToken("):
        wanted = read  # Python reads NaN, and JSON has no such word; no float is as large as 1e999: a reader may refuse both
    try:
        verifies(module, token, OTHER_KEY, wanted, sent, means)
    except TypeError as error:
        expect(f"TypeError: {error}", wanted, sent=f"{sent} to verify()", means=means, see="02, section 7")


def test_pyjwt_is_asked(learner, monkeypatch):
    asked = [
        counted(monkeypatch, owner, name)
        for owner, name in ((jwt.PyJWT, "decode_complete"), (jwt.algorithms.HMACAlgorithm, "verify"))
    ]
    module = learner(FILE)
    outcome(module, lambda: module.verify_with_pyjwt(minted(OTHER_KEY, ADA), OTHER_KEY))
    means = "The same questions, and this time the library asks them: jwt.decode()."
    expect(
        "PyJWT" if any(asked) else "not PyJWT",
        "PyJWT",
        sent="a token and its key to verify_with_pyjwt(), and looked who verifies",
        means=means,
        see="02, section 7",
    )


NOT_OBEYED = "The list of algorithms is yours: one that is read from the token lets its sender choose."
CLOCK = (
    "jwt.decode() compares exp with the clock by itself, and lets no token live on: nobody asked for leeway here. A datetime "
    "without a zone is another time in each zone, and this check runs in that of Tokyo."
)
LATE = {"exp": 1_700_000_001}
NUMBERED = "a token whose alg is the number 256"
NO_LIST = (
    'algorithms takes a list of names, ["HS256"]. ("HS256") is text, because a tuple needs a comma. In text, PyJWT looks for '
    "any piece of it, and fails for a number."
)
PYJWT = {
    "a token whose exp comes in a minute": (
        lambda: minted(OTHER_KEY, ADA | {"exp": int(time.time()) + 60}),
        CLAIMS,
        "",
    ),
    "a token whose only claim is its exp": (
        lambda: of_parts(written({"exp": FAR})),
        CLAIMS,
        "verify() asks for exp and no other claim. Require that one, and no more.",
    ),
    "a token with one letter of the payload changed": (
        lambda: edited(minted(OTHER_KEY, ADA), "payload"),
        BAD_SIGNATURE,
        "",
    ),
    "a token with an empty signature": (lambda: edited(minted(OTHER_KEY, ADA), "empty"), BAD_SIGNATURE, ""),
    "a token past its exp, of another key,": (lambda: minted(STRANGERS_KEY, ADA | LATE), BAD_SIGNATURE, ""),
    "a token of alg none": (lambda: of_algorithm("none", OTHER_KEY), NOT_ALLOWED, NOT_OBEYED),
    "a token of alg HS512": (lambda: of_algorithm("HS512", OTHER_KEY), NOT_ALLOWED, NOT_OBEYED),
    "a token of alg hs256": (
        lambda: of_algorithm("hs256", OTHER_KEY),
        NOT_ALLOWED,
        "HS256 is the name, letter by letter.",
    ),
    NUMBERED: (lambda: minted(OTHER_KEY, ADA, header={"alg": 256, "typ": "JWT"}), NOT_ALLOWED, NO_LIST),
    "a token past its exp": (
        lambda: minted(OTHER_KEY, ADA | LATE),
        EXPIRED,
        "jwt.decode() looks at exp by itself. Did you switch verify_exp off?",
    ),
    "a token that expired a second ago": (
        lambda: minted(OTHER_KEY, ADA | {"exp": int(time.time()) - 1}),
        EXPIRED,
        CLOCK,
    ),
    "a token without exp": (
        lambda: minted(OTHER_KEY, ENDLESS),
        EXPIRED,
        "PyJWT accepts a token without exp, unless options={'require': ['exp']} asks for it. Then it raises "
        "MissingRequiredClaimError, which stands for the reason `expired`.",
    ),
    "a token without exp, of another key,": (
        lambda: minted(STRANGERS_KEY, ENDLESS),
        BAD_SIGNATURE,
        TOO_EARLY,
    ),
    "a token without exp, of alg none,": (
        lambda: of_algorithm("none", OTHER_KEY, ENDLESS),
        NOT_ALLOWED,
        TOO_EARLY,
    ),
}


@pytest.fixture
def in_tokyo(monkeypatch):
    """The zone of this machine, where it can be changed: nine hours ahead of UTC."""
    monkeypatch.setenv("TZ", "JST-9")
    set_zone = getattr(time, "tzset", lambda: None)  # Windows has none
    set_zone()
    yield
    monkeypatch.undo()
    set_zone()


@pytest.mark.parametrize("case", PYJWT)
def test_pyjwt_gives_the_same_answers(learner, in_tokyo, case):
    make, wanted, means = PYJWT[case]
    module, token = learner(FILE), make()
    try:
        got = outcome(module, lambda: named(module.verify_with_pyjwt(token, OTHER_KEY), token))
    except TypeError as error:
        if "in <string>" not in str(error):
            raise
        got = f"TypeError: {error}"
    means = means or "jwt.decode() verifies when it has the key and a list of algorithms."
    if wanted in (BAD_SIGNATURE, NOT_ALLOWED) and case != NUMBERED and str(got).startswith("NotAToken("):
        means = "It is a token that is not to be trusted: raise Refused. InvalidSignatureError is a kind of DecodeError, so catch it first."
    if wanted == CLAIMS and got == EXPIRED:
        means = PYJWT[case][2] or CLOCK
    if isinstance(got, str) and got.startswith("jwt."):
        means = "Each exception of PyJWT has one meaning: catch it and raise Refused."
    if got == CLAIMS and verifies_nothing(module):
        means = "With verify_signature off, jwt.decode() reads and verifies nothing."
    expect(got, wanted, sent=f"{case} to verify_with_pyjwt()", means=means, see="02, section 7")


EDITED = {
    "payload": "an access token with one letter of the payload changed (user 2 became user 1)",
    "spare bits": "an access token with other bits in the last letter of its payload, which no byte uses,",
    "signature": "an access token with the first letter of the signature changed",
    "key": "an access token signed with another key",
    "middle": "an access token with one letter in the middle of the signature changed",
    "end": "an access token with the last letter but one of the signature changed",
    "empty": "an access token without its signature, the dot before it still there,",
    "cut": "an access token with the first half of its signature only",
    "longer": "an access token with one more byte behind the 32 of its signature",
}
HEADER = {"alg": "HS256", "typ": "JWT"}
ENDLESS = {"token_type": "access", "iat": 1_700_000_000, "user_id": "2"}
ADA = ENDLESS | {"exp": FAR}
MARKED = {"next": "/orders/?page=2", "a": "~?>", "b": "x~?>", "c": "xx~?>"}


def reads(module, token, sent, see):
    """read() gives the parts of this token, decoded."""
    header, payload, signature = claims.parts(token)
    wanted = {"header": header, "claims": payload, "signature": f"{len(signature) * 3 // 4} bytes"}
    got = outcome(module, lambda: seen(module.read(token)))
    means = (None if got == wanted else reading_fault(module)) or (
        "`{}` is a JSON object, an empty one: read() asks for objects, and not for anything in them."
        if "without any claim" in sent
        else "Split at the dots. Header and payload are JSON, which is UTF-8 (RFC 8259), and the signature is bytes. read() decodes, "
        "and trusts nothing: whether a token is good is the question of verify()."
    )
    if not signature and str(got).startswith("NotAToken("):
        means += ' The third part may be empty, and the dot before it is there: that is a token, and its signature is b"".'
    expect(got, wanted, sent=sent, means=means, see=see)


def signed(module, token, key, wanted, sent):
    """is_signed_with() gives this."""
    got = allowed(outcome(module, lambda: module.is_signed_with(token, key)), wanted, sent)
    if wanted:
        means, see = (
            "Sign the first two parts exactly as they are in the token, the dot between them, with key.encode().",
            4,
        )
    elif EDITED["spare bits"] in sent:
        means = "The bytes are the same, and the letters are not. Sign both parts as they are in the token, and not encoded anew."
        see = 5
    elif claims.parts(token)[0] == HEADER:
        means, see = "Another message or another key has another signature: compare all of it.", 5
    else:
        means, see = "Make an HS256 signature, whatever the header says: its sender wrote it.", 6
    means = fault(module, got, wanted) or means
    expect(got, wanted, sent=f"{sent} to is_signed_with()", means=means, see=f"02, section {see}")


def allowed(got, wanted, sent):
    """What is wanted, where a reader refuses a last letter with bits that no byte uses: it may (RFC 4648)."""
    return wanted if EDITED["spare bits"] in sent and str(got).startswith("NotAToken(") else got


def verifies(module, token, key, wanted, sent, means, see="02, section 7", *, now=None):
    """verify() gives these claims, or refuses for this reason."""
    now = time.time() if now is None else now
    got = allowed(outcome(module, lambda: named(module.verify(token, key, now=now), token)), wanted, sent)
    if str(got).startswith("Refused(") and got not in REFUSALS and wanted in REFUSALS:
        means = f"The message is the reason, in these words: {', '.join(REFUSALS)}."
    if str(got).startswith("NotAToken(") and wanted in REFUSALS:
        means = "It is a token: three parts, each of them base64url, the first two JSON objects. read() asks no more; whether to trust it is up to verify()."
    means = fault(module, got, wanted) or means
    expect(got, wanted, sent=f"{sent} to verify()", means=means, see=see)


def outcome(module, call):
    """What a call gives, or in words what it raises. A stub stays a stub, and a mistake keeps its line."""
    try:
        return call()
    except module.Refused as refused:
        return f"Refused({refused})"
    except module.NotAToken as error:
        return f"NotAToken({error})"
    except jwt.PyJWTError as error:
        return f"jwt.{type(error).__name__}: {error}"
    except ValueError as error:
        if reading_fault(module) is None:
            raise
        return f"{type(error).__name__}: {error}"


def verifies_nothing(module):
    """Whether PyJWT, as the learner calls it, takes a token that somebody else signed."""
    try:
        return bool(module.verify_with_pyjwt(minted(STRANGERS_KEY, ADA), OTHER_KEY))
    except Exception:
        return False


def named(found, token):
    """What verify() gave: the token's claims by that name, and anything else as it is."""
    return CLAIMS if found == claims.parts(token)[1] else found


def seen(found):
    """What read() gave, with the signature named by its size: a whole token is never shown."""
    if not isinstance(found, dict) or "signature" not in found:
        return found
    signature = found["signature"]
    kind = "bytes" if isinstance(signature, bytes) else f"of {type(signature).__name__}"
    return found | {"signature": f"{len(signature)} {kind}" if hasattr(signature, "__len__") else kind}


def fault(module, got, wanted):
    """The cause in reading or signing, where something else came than was wanted."""
    return None if got == wanted else reading_fault(module) or signing_fault(module)


def reading_fault(module):
    """What read() cannot do yet, found by tokens that differ in one thing; None when it is something else."""
    special = b"\xfb\xff\xbf" * 11  # these bytes are written with - and _ only
    plain = reading(module, {"n": "x"}, bytes(33))  # here each part has a multiple of four letters
    if plain == "an error":
        return None
    if reading(module, {"n": "xx"}, bytes(32)) != plain:
        return (
            "base64url leaves out the = at the end, and Python's decoder wants it back: "
            "fill each part up to a multiple of four letters."
        )
    if reading(module, {"n": "~?>"}, special) != plain:
        return (
            "base64url writes - and _ where base64 has + and /, and b64decode drops what it does not know "
            "without a word. Use urlsafe_b64decode."
        )
    return None


def reading(module, payload, signature):
    """How read() takes such a token: `right`, `an error`, or `wrong`."""
    wanted = {"header": HEADER, "claims": payload, "signature": signature}
    try:
        found = module.read(f"{written(HEADER)}.{written(payload)}.{encoded(signature)}")
        return "right" if found == wanted else "wrong"
    except Exception:
        return "an error"


def signing_fault(module):
    """What the learner's code takes for a signature; None for a right one, or for something else."""
    token = minted(OTHER_KEY, ADA)
    if takes(module, token):
        return None
    text, _, _ = token.rpartition(".")
    header, payload = text.split(".")
    taken = {
        encoded(
            hs256(text, OTHER_KEY.strip())
        ): "Sign with all of the key, also with the blanks at its ends.",
        encoded(hs256(payload)): "Your signature covers the payload alone. Sign header, dot and payload.",
        encoded(hs256(header + payload)): "Your signature leaves out the dot. It is signed, too.",
        hs256(
            text
        ).hex(): "You compare hexadecimal digits. A token holds the bytes of the digest, in base64url.",
        encoded(hs256(text)) + "=": "You kept the = at the end of your signature. base64url leaves it out.",
    }
    return next((fault for part, fault in taken.items() if takes(module, f"{text}.{part}")), None)


def takes(module, token):
    try:
        return module.is_signed_with(token, OTHER_KEY) is True
    except Exception:
        return False


def hs256(text, key=OTHER_KEY, digest=hashlib.sha256):
    return hmac.digest(key.encode(), text.encode(), digest)


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def written(part):
    """The part as it is in a token. JSON has no word for what is too large for a float: it writes the number."""
    return encoded(json.dumps(part, separators=(",", ":")).replace("Infinity", "1e999").encode())


def minted(key, payload, *, header=HEADER, digest=hashlib.sha256, marked=False):
    """A signed token of these parts, with the marks of base64url in payload and signature both, or nowhere.

    The claim `jti` counts up until that is so: what a check meets must not be left to chance.
    """
    for number in itertools.count():
        text = f"{written(header)}.{written(payload | {'jti': f'{number:032x}'})}"
        token = f"{text}.{encoded(hs256(text, key, digest))}"
        with_marks = [bool(MARKS & set(part)) for part in token.split(".")]
        if all(with_marks[1:]) if marked else not any(with_marks):
            return token
    return None


def of_parts(payload, header=""):
    """A token of these two encoded parts, whatever is in them, signed."""
    head = f"{header or written(HEADER)}.{payload}"
    return f"{head}.{encoded(hs256(head))}"


def of_algorithm(alg, key, payload=ADA):
    """An access token of these claims whose header names this algorithm; `missing` names none, and is signed with HS256."""
    header = {"typ": "JWT"} if alg == "missing" else {"alg": alg, "typ": "JWT"}
    token = minted(key, payload, header=header, digest=hashlib.sha512 if alg == "HS512" else hashlib.sha256)
    return token.rpartition(".")[0] + "." if alg == "none" else token


def edited(token, edit):
    """The token with one thing changed. In ASCII, `2` and `1` differ in two bits of one base64url letter."""
    header, payload, signature = token.split(".")
    known = claims.parts(token)[1]
    if edit == "payload":
        payload = written(known | {"user_id": "1"})
    if edit == "spare bits":
        payload = payload[:-1] + LETTERS[LETTERS.index(payload[-1]) ^ 1]
    if edit == "signature":
        return damaged(token)
    if edit in ("middle", "end"):  # of the very last letter, two bits mean nothing
        place = {"middle": len(signature) // 2, "end": len(signature) - 2}[edit]
        other = "A" if signature[place] != "A" else "B"
        signature = f"{signature[:place]}{other}{signature[place + 1 :]}"
    if edit in ("empty", "cut"):
        signature = "" if edit == "empty" else signature[:20]
    if edit == "longer":
        signature = encoded(base64.urlsafe_b64decode(signature + "=") + b"!")
    return minted(STRANGERS_KEY, known) if edit == "key" else f"{header}.{payload}.{signature}"


def replaced(token, payload):
    """The token with this as its second part."""
    header, _, signature = token.split(".")
    return f"{header}.{payload}.{signature}"


def counted(monkeypatch, owner, name):
    """A list that gets longer with each call of that function from now on."""
    calls, function = [], getattr(owner, name)

    def counting(*args, **options):
        calls.append(name)
        return function(*args, **options)

    monkeypatch.setattr(owner, name, counting)
    return calls


def by_other_means(module):
    """Whether the learner's files compare bit by bit, or let a MAC of `cryptography` verify: both look at every byte, too."""
    sources = [ast.parse(path.read_bytes()) for path in Path(module.__file__).parent.glob("*.py")]
    nodes = [node for source in sources for node in ast.walk(source)]
    imported = {getattr(node, "module", None) for node in nodes if isinstance(node, ast.ImportFrom)}
    verifies = any(isinstance(node, ast.Attribute) and node.attr == "verify" for node in nodes)
    by_library = verifies and any(str(name).startswith("cryptography.") for name in imported)
    return by_library or any(isinstance(node, ast.BitXor) for node in nodes)


def key_of(server):
    path = server.tree / ".development_key"
    return path.read_text().strip() if path.exists() else ""


def signs_as_taught(server):
    """Whether the server signs its tokens with its development key and HS256, and believes ours."""
    key = key_of(server)
    try:
        text, _, signature = login(server.url, "ada").rpartition(".")
    except (KeyError, ValueError, requests.RequestException):
        return False
    return signature == encoded(hs256(text, key)) and presented(server.url, minted(key, ADA)) == (200, None)


def login(url, username):
    """The access token of a login, with a mark of base64url in its signature (which three of four have)."""
    account = {"username": username, "password": "test"}
    while True:
        token = requests.post(f"{url}/api/token/", json=account, timeout=5).json()["access"]
        if MARKS & set(token.rpartition(".")[2]):
            return token


def presented(url, token):
    """Status and reason of GET /user-orders/ with this token."""
    headers = {"Authorization": f"Bearer {token}"}
    return answer(requests.get(f"{url}/user-orders/", headers=headers, timeout=5))
