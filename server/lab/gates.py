"""Which of its gates the server rejected a token at. Nothing is guessed: it is noted where simplejwt raises."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import NamedTuple

from jwt import exceptions as pyjwt
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token, UntypedToken

from lab import keys, shown

GATES = ("header", "parts", "algorithm", "signature", "times", "type", "user")
AT = {  # why, and the gate at which it is found
    "missing": "header",
    "scheme": "header",
    "words": "header",
    "parts": "parts",
    "algorithm": "algorithm",
    "key": "signature",
    "signature": "signature",
    "expired": "times",
    "early": "times",
    "claim": "times",
    "revoked": "times",
    "type": "type",
    "user_not_found": "user",
    "user_inactive": "user",
    "password_changed": "user",
    "no_active_account": "user",
}
BY_CLASS = (  # the first that fits: a wrong signature is a DecodeError, too
    (pyjwt.InvalidAlgorithmError, "algorithm"),
    (pyjwt.InvalidSignatureError, "signature"),
    (pyjwt.ExpiredSignatureError, "expired"),
    (pyjwt.ImmatureSignatureError, "early"),
    (pyjwt.DecodeError, "parts"),
)
BY_FUNCTION = {
    "_decode_payload": "claim",  # PyJWT reads the claims after the signature
    "_validate_headers": "parts",
    "verify_token_type": "type",
    "check_blacklist": "revoked",
}

_reads = ContextVar("reads", default=None)


class Read(NamedTuple):
    """One reading of a token: what was read, the error that it ended in, and the key that its signature fitted."""

    token: Token
    encoded: str | bytes
    error: TokenError | None
    key: object


class Passage(NamedTuple):
    """How far a token came: the gates it passed, and where and why it was stopped, in the server's own words."""

    passed: tuple[str, ...] = ()
    gate: str | None = None
    why: str | None = None
    said: str | None = None
    key: dict | None = None  # that verified it, on a server whose tokens name their key


@contextmanager
def watching():
    """Every `Read` of this request's thread in the block."""
    reads = []
    reset = _reads.set(reads)
    try:
        yield reads
    finally:
        _reads.reset(reset)


def install():
    """Let every token class note what came of reading a token. To call it twice changes nothing."""
    keys.install()
    original = Token.__init__
    if hasattr(original, "__wrapped__"):
        return

    @wraps(original)
    def noting(self, token=None, verify=True):
        keys.forget()
        try:
            original(self, token, verify)
        except TokenError as error:
            note(self, token, error)
            raise
        if token is not None and verify:
            note(self, token, None)

    Token.__init__ = noting


def note(token, encoded, error):
    reads = _reads.get()
    if reads is not None:
        reads.append(Read(token, encoded, error, keys.fitting()))


def passage(request, response, reads):
    """How far the token of this request came, and which key verified it. Empty when the server looked at none."""
    verified = [keys.named(read.key, read.token, read.encoded) for read in reads if read.key is not None]
    key = next(filter(None, verified), None)
    return way(request, response, reads)._replace(key=key and key._asdict())


def way(request, response, reads):
    """How far the token came."""
    code = code_of(getattr(response, "data", None))
    if not reads:
        why = unread(request, code) if response.status_code == 401 else None
        return Passage((), AT.get(why), why)
    accepted = [type(read.token) for read in reads if read.error is None]
    if accepted:
        return after_reading(request, response, accepted[-1], code)
    return max((stopped(read.error) for read in reads), key=lambda found: len(found.passed))


def unread(request, code):
    """Why no token was read where one is needed."""
    if code == "bad_authorization_header":
        return "words"
    if code != "not_authenticated":
        return None
    return "scheme" if request.META.get(api_settings.AUTH_HEADER_NAME) else "missing"


def after_reading(request, response, kind, code):
    """The token itself was accepted: was its type asked for, and did its user get in?"""
    typed = not issubclass(kind, UntypedToken)
    passed = GATES[:6] if typed else GATES[:5]
    if response.status_code == 401 and AT.get(code) == "user":
        return Passage(passed, "user", code)
    # DRF notes the token of an authenticated request; a refresh asks for its user before it signs.
    known = getattr(request, "auth", None) is not None or (typed and response.status_code == 200)
    return Passage(GATES if known else passed)


def stopped(error):
    """The passage of a token that was rejected while it was read."""
    why = why_of(error)
    # Without a key, PyJWT is not even asked whether the algorithm is allowed.
    passed = GATES[: GATES.index("algorithm" if why == "key" else AT[why])]
    return Passage(passed, AT[why], why, shown.sentence(str(root_of(error))))


def why_of(error):
    root = root_of(error)
    functions = [name for cause in chain(error) for name in functions_of(cause)]
    by_function = next((BY_FUNCTION[name] for name in functions if name in BY_FUNCTION), None)
    by_class = next((why for kind, why in BY_CLASS if isinstance(root, kind)), None)
    if by_function or by_class:
        return by_function or by_class
    if "get_verifying_key" in functions:  # a backend that has no key of the name in the header
        return "key"
    return "expired" if has_expired(root) else "claim"


def has_expired(error):
    """Whether simplejwt itself, after PyJWT, has found the expiry passed."""
    return isinstance(error, TokenError) and "check_exp" in functions_of(error)


def root_of(error):
    """The exception that says most: PyJWT's, else simplejwt's own."""
    return next((cause for cause in chain(error) if isinstance(cause, pyjwt.PyJWTError)), error)


def chain(error):
    while error is not None:
        yield error
        error = error.__cause__


def functions_of(error):
    """The names of the functions that the exception went through."""
    names, place = [], error.__traceback__
    while place:
        names.append(place.tb_frame.f_code.co_name)
        place = place.tb_next
    return names


def code_of(data):
    """The code of a refusal, as the body or the detail has it."""
    if not isinstance(data, dict):
        return None
    return data.get("code") or getattr(data.get("detail"), "code", None)
