"""What a hostile request is made of: a name, and what replaces the parts of an honest request."""

from dataclasses import dataclass, field

from testkit.hostile.expected import Expected


@dataclass(frozen=True)
class Hostile:
    """One request. `row` names what is hostile about it, `where` the endpoint and who sends it.

    `expected` is what a token must get. Any other request is free to be accepted or refused, never to fail.
    """

    row: str
    where: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    expected: Expected | None = None

    def is_accepted(self, status):
        """Whether a server that answers with this status has accepted what must be refused."""
        return bool(self.expected and self.expected.status and status < 300)
