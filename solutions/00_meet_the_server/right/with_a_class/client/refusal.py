"""What a response says, as an object."""

from dataclasses import dataclass


@dataclass
class Refusal:
    status: int
    detail: str | None = None
    challenge: str | None = None

    @classmethod
    def of(cls, response):
        match response.json():
            case {"detail": str(sentence)}:
                detail = sentence
            case _:
                detail = None
        return cls(response.status_code, detail, response.headers.get("WWW-Authenticate"))
