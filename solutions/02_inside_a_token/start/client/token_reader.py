"""Step 02: read a token, check its signature by hand, and say why it is refused."""


class NotAToken(Exception):
    """The text is no token; the message says what is wrong with it."""


class Refused(Exception):
    """A token not to be trusted; the message is the reason, in the words that `verify` lists."""


def read(token: str) -> dict:
    """The three parts of a token, decoded. Nothing in them is verified, and no key is needed.

    `header`     the first part, a dict
    `claims`     the second part, a dict
    `signature`  the third part, as bytes; a third part that is empty gives b""

    Raises `NotAToken` unless the text has three parts with dots between them, each of them base64url without padding,
    the first two of them JSON objects. A letter that base64url does not have makes it no token, and so does JSON with
    a byte that is no UTF-8, or nested too deeply for Python to read. Accept or refuse, as you like: `NaN`, a
    number too large for a float, JSON in UTF-16 or UTF-32 or with a byte order mark before it, half of a surrogate
    pair, as bytes or as an escape, and a last letter with bits that no byte uses.
    """
    raise NotImplementedError("step 02: split at the dots, and decode each part")


def is_signed_with(token: str, key: str) -> bool:
    """Whether the signature is the HMAC-SHA256, under this key, of the first two parts as they are in the token.

    Always HS256, whatever the header says. Made without PyJWT; compares in constant time, bytes or letters. A text that
    `read` refuses is not covered; one that it accepts with another last letter in its payload has a wrong signature.
    """
    raise NotImplementedError("step 02: make the signature again, and compare it with the one in the token")


def verify(token: str, key: str, *, now: float) -> dict:
    """The claims of a token that may be trusted at the time `now`, in seconds since 1970.

    Raises `NotAToken` where `read` does, else `Refused` with the first of these reasons that holds:

    `algorithm not allowed`  the header does not say HS256
    `bad signature`          the signature was not made with this key
    `expired`                `exp` is `now` or earlier, or missing, or no finite number
    """
    raise NotImplementedError("step 02: three questions, in this order")


def verify_with_pyjwt(token: str, key: str) -> dict:
    """Does what `verify` does, by jwt.decode() and this machine's clock.

    It has to do so for each token that is encoded as the server would: whatever its `alg` and its signature are, and
    with or without `exp`. Any other text, as one with an `exp` that is no whole number, may get another result. So may
    a token with an `iat` or `nbf` that is still to come or no number, with a `sub` or `jti` that is no text, or with an
    `aud`: PyJWT looks at these, too.
    """
    raise NotImplementedError("step 02: which exceptions of PyJWT stand for which reason?")
