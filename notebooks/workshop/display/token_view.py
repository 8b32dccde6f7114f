"""Show a token in its three parts: decoded, explained, and never whole."""

import html
import time
from typing import Any

from .. import claims
from ..expect import redacted

MEANING = {
    "token_type": "which of the two it is: access or refresh",
    "exp": "expiry: refused from this second on",
    "iat": "issued at",
    "nbf": "not valid before",
    "jti": "the id of this one token",
    "user_id": "whose token it is (text, not a number)",
    "iss": "who issued it",
    "aud": "for whom it is meant",
}
TIMES = ("exp", "iat", "nbf")


class TokenView:
    """What a token says. Decoding needs no key: anyone who holds the token can read this."""

    def __init__(self, token: str):
        self.header, self.claims, signature = claims.parts(token)
        self.signature = f"{len(signature)} characters, made from header and payload with the signing key"

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Part, name, value and meaning, one row each."""
        header = [("HEADER", printable(name), printable(value), "") for name, value in self.header.items()]
        payload = [
            ("PAYLOAD", printable(name), readable(name, value), MEANING.get(name, ""))
            for name, value in self.claims.items()
        ]
        return [*header, *payload, ("SIGNATURE", "", self.signature, "")]

    def __repr__(self) -> str:
        lines, last = [], None
        for part, name, value, meaning in self.rows():
            label = part if part != last else ""
            lines.append(
                f"{label:<10} {name:<11}{value:<34}{meaning}".rstrip() if name else f"{label:<10} {value}"
            )
            last = part
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.table()}

    def table(self) -> str:
        """An HTML table. Everything in a token may be hostile text, so all of it is escaped."""
        body = "".join(
            "<tr>"
            + f'<th scope="row" style="text-align:left">{html.escape(part)}</th>'
            + "".join(f'<td style="text-align:left">{html.escape(cell)}</td>' for cell in cells)
            + "</tr>"
            for part, *cells in self.rows()
        )
        head = "".join(
            f'<th scope="col" style="text-align:left">{name}</th>'
            for name in ("Part", "Name", "Value", "Meaning")
        )
        return f"<table><caption>A token, decoded</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def readable(name: str, value: Any) -> str:
    """A claim as text; a time also as a date and as seconds from now."""
    if name in TIMES and isinstance(value, int | float) and abs(value) < 2**40:
        away = value - time.time()
        side = f"in {away:.0f} s" if away > 0 else f"{-away:.0f} s ago"
        return f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(value))} ({side})"
    return printable(value)


def printable(value: Any) -> str:
    """The value on one line: a claim can hold anything, also what moves the cursor or looks like a token."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in redacted(str(value)))
