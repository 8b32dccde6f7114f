"""A measured figure, which is another one at every run."""

from .drawing import STORED


class Measured:
    """Shows the sentence with the figure; what is kept under git is the sentence without it."""

    def __init__(self, sentence: str, *, kept: str):
        self.sentence, self.kept = sentence, kept

    def __repr__(self) -> str:
        return self.sentence

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        return {"text/plain": self.sentence, STORED: self.kept}
