"""How long tokens really live: several are issued within one second, and each is presented until it is refused."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests

from .. import claims
from .drawing import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POLL = 0.05  # seconds
BAR = 40  # characters


@dataclass
class Life:
    """One token's, in seconds since 1970: when its login was answered, and when it was first refused."""

    token: str
    born: float
    died: float | None = None

    def refused(self, asked: float, answered: float) -> None:
        """Note the first refusal. It took place between the two instants: at the expiry, if that lies there."""
        expiry = claims.expiry(self.token)
        self.died = expiry if asked <= expiry <= answered else answered


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
        self.known.append(Life(token, time.time()))

    def watch(self, present: Callable[[str], requests.Response], *, seconds: float) -> "Lives":
        """Present each token every 0.05 s until it is refused, and all of them for so many seconds at most."""
        begin = time.time()
        # A slow machine may still be logging in when the first token expires: it was good when it was born.
        accepted = {life.token: life.born for life in self.known}
        while self.alive() and time.time() < begin + seconds:
            for life in self.alive():
                asked = time.time()
                if present(life.token).ok:
                    accepted[life.token] = asked
                else:
                    life.refused(accepted[life.token], time.time())
            time.sleep(POLL)
        self.watched = time.time() - begin
        return self

    def alive(self) -> list[Life]:
        return [life for life in self.known if life.died is None]

    @property
    def lifetime(self) -> int:
        """What the server is set to. A token whose `iat` is a second later seems to have been issued for one second less."""
        issued_for = [claims.expiry(life.token) - (claims.issued(life.token) or 0) for life in self.known]
        return max(issued_for, default=0)

    def measured(self) -> list[tuple[float, float | None]]:
        """Of each token: how far into its second it was issued, and how long it lived; None while it lives."""
        rows = []
        for life in self.known:
            second = claims.expiry(life.token) - self.lifetime
            phase = min(life.born - second, 0.99)  # the answer may come when the second of issue is over
            rows.append((phase, life.died and life.died - second - phase))
        return rows

    @property
    def span(self) -> str:
        """Whole seconds between which all lives lie: `2 to 3 s`."""
        lived = [lived for _, lived in self.measured()]
        if not lived or None in lived:
            return "longer than you watched"
        return f"{math.floor(min(lived))} to {math.ceil(max(lived))} s"

    def text(self) -> str:
        """A bar per token, as long as it lived, in the order in which they were issued."""
        rows = self.measured()
        longest = max((lived or self.watched for _, lived in rows), default=0) or 1
        lines = ["issued at   lived"]
        for phase, lived in rows:
            bar = "=" * round(BAR * (lived or self.watched) / longest)
            told = f"| {lived:.2f} s" if lived else f"> {self.watched:.1f} s, and on"
            lines.append(f"{f'.{phase * 100:02.0f} s':<11} |{bar}{told}")
        return "\n".join(lines)

    def rounded_text(self) -> str:
        told = f"{len(self.known)} tokens, issued at different moments of a second, lived {self.span}"
        return f"{told}\n(rounded to whole seconds)"

    def figure(self) -> "Figure":
        """The plot: the moment of issue to the right, the life upwards, and the bounds of a life as dashed lines."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 3), layout="constrained")
        axes = figure.subplots()
        dead = [(phase, lived) for phase, lived in self.measured() if lived]
        axes.plot([phase for phase, _ in dead], [lived for _, lived in dead], "o", color="#1f4e79")
        for place in dead:
            told = f"{place[1]:.2f} s"
            axes.annotate(told, place, (8, 0), textcoords="offset points", va="center")
        for bound in (self.lifetime - 1, self.lifetime) if dead else ():
            axes.axhline(bound, linestyle="--", color="#767676")
        axes.set(xlabel="issued at this moment of a second", ylabel="lived, in seconds", xlim=(-0.05, 1.15))
        axes.margins(y=0.25)
        return figure
