"""How long tokens really live: several are issued within one second, and each is presented until it is refused."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests

from . import claims
from .drawing import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POLL = 0.05  # seconds
BAR = 40  # characters


@dataclass
class Life:
    """One token's: `phase` is how far into its second it was issued, `lived` how long it was accepted from then on."""

    token: str
    phase: float
    lived: float | None = None


@dataclass(repr=False)
class Lives(Drawing):
    """Tokens of one lifetime, issued at different moments of a second. Draws itself, and as text anywhere."""

    known: list[Life] = field(default_factory=list)
    watched: float = 0  # seconds

    def wait_for(self, phase: float) -> None:
        """Return at the next moment that lies `phase` (0 to 1) after the beginning of a second."""
        time.sleep((phase - time.time()) % 1)

    def add(self, token: str) -> None:
        """Add a token that was issued just now."""
        issued = claims.expiry(token) - (claims.lifetime(token) or 0)
        # Its answer may come when the second of issue is over.
        self.known.append(Life(token, min(time.time() - issued, 0.99)))

    def watch(self, present: Callable[[str], requests.Response], *, seconds: float) -> "Lives":
        """Present each token every 0.05 s until it is refused, and all of them for so many seconds at most."""
        begin = time.time()
        while self.alive() and time.time() < begin + seconds:
            for life in self.alive():
                asked = time.time()
                if not present(life.token).ok:
                    life.lived = asked - self.birth(life)
            time.sleep(POLL)
        self.watched = time.time() - begin
        return self

    def alive(self) -> list[Life]:
        return [life for life in self.known if life.lived is None]

    def birth(self, life: Life) -> float:
        return claims.expiry(life.token) - (claims.lifetime(life.token) or 0) + life.phase

    @property
    def span(self) -> str:
        """The shortest and the longest life, rounded: `2 to 3 s`."""
        if self.alive() or not self.known:
            return "longer than you watched"
        lives = [life.lived for life in self.known]
        return f"{min(lives):.0f} to {max(lives):.0f} s"

    def text(self) -> str:
        """A bar per token, as long as it lived, in the order in which they were issued."""
        longest = max((life.lived or self.watched for life in self.known), default=1) or 1
        rows = ["issued at   lived"]
        for life in self.known:
            seconds = self.watched if life.lived is None else life.lived
            bar = "=" * round(BAR * seconds / longest)
            told = f"> {seconds:.1f} s, and on" if life.lived is None else f"| {seconds:.2f} s"
            rows.append(f"{f'.{life.phase * 100:02.0f} s':<11} |{bar}{told}")
        return "\n".join(rows)

    def rounded_text(self) -> str:
        told = f"{len(self.known)} tokens, issued at different moments of a second, lived {self.span}"
        return f"{told}\n(rounded to whole seconds)"

    def figure(self) -> "Figure":
        """The plot: the moment of issue to the right, the life upwards."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 3), layout="constrained")
        axes = figure.subplots()
        dead = [life for life in self.known if life.lived is not None]
        axes.plot([life.phase for life in dead], [life.lived for life in dead], "o", color="#1f4e79")
        for life in dead:
            place = (life.phase, life.lived)
            axes.annotate(f"{life.lived:.2f} s", place, (8, 0), textcoords="offset points", va="center")
        for seconds in {claims.lifetime(life.token) for life in dead} - {None}:
            for bound in (seconds - 1, seconds):
                axes.axhline(bound, linestyle="--", color="#767676")
        axes.set(xlabel="issued at this moment of a second", ylabel="lived, in seconds", xlim=(-0.05, 1.15))
        axes.margins(y=0.25)
        return figure
