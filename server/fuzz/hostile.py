"""What a hostile request is made of: a name, and what replaces the parts of an honest request."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hostile:
    """One request. `row` names what is hostile about it, `where` the endpoint and who sends it."""

    row: str
    where: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
