"""For how long an old right lasts after it was changed, against the lifetime of the access token."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .drawing import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POLL = 0.2  # seconds
BAR = 5  # characters per second
MARKERS = "os^Dv"  # meaning is not by colour alone


@dataclass
class Case:
    """One token whose user lost a power. `lasted` is in seconds: 0 when the first request was refused."""

    name: str
    lifetime: int
    works: Callable[[], bool]
    began: float
    lasted: float | None = None


@dataclass(repr=False)
class Exposure(Drawing):
    """`add` a case when the power has been taken away; `watch` asks until none is left. Draws itself, and as text anywhere."""

    cases: list[Case] = field(default_factory=list)

    def add(self, name: str, lifetime: int, works: Callable[[], bool]) -> None:
        """`works()` says whether the token still has the power; the first time, it is asked at once."""
        case = Case(name, lifetime, works, time.monotonic())
        self.cases.append(case)
        if not works():
            case.lasted = 0

    def watch(self, *, seconds: float = 60) -> "Exposure":
        """Ask every 0.2 s until no case works any more, and for so many seconds at most."""
        until = time.monotonic() + seconds
        while (
            open_cases := [case for case in self.cases if case.lasted is None]
        ) and time.monotonic() < until:
            for case in open_cases:
                if not case.works():
                    case.lasted = time.monotonic() - case.began
            time.sleep(POLL)
        return self

    def said(self, name: str) -> str:
        """How long the power of that name lasted, whatever the lifetime was: for a comparison with a guess."""
        lasted = [case.lasted for case in self.cases if case.name == name]
        if not lasted:
            return "there was no power to lose"
        if None in lasted:
            return "longer than you watched"
        return "until the token expires" if any(lasted) else "not at all"

    def text(self) -> str:
        rows = [f"{case.name:<28} lifetime {case.lifetime} s  |{bar(case)}" for case in self.cases]
        return "\n".join(["the old rights lasted", *rows])

    def rounded_text(self) -> str:
        names = dict.fromkeys(case.name for case in self.cases)
        lifetimes = ", ".join(map(str, sorted({case.lifetime for case in self.cases})))
        rows = [f"{name:<28} {self.said(name)}" for name in names]
        return "\n".join([f"the old rights lasted (access tokens of {lifetimes} s)", *rows])

    def figure(self) -> "Figure":
        """The plot: the lifetime to the right, how long the power lasted upwards, a line and a marker per name."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 2.5), layout="constrained")
        axes = figure.subplots()
        for number, name in enumerate(dict.fromkeys(case.name for case in self.cases)):
            known = [case for case in self.cases if case.name == name and case.lasted is not None]
            places = [case.lifetime for case in known], [case.lasted for case in known]
            axes.plot(
                *places, MARKERS[number % len(MARKERS)] + "-", label=name, fillstyle="none", markersize=9
            )
        axes.set(xlabel="lifetime of access tokens, in seconds", ylabel="old rights lasted, in seconds")
        axes.margins(y=0.15)
        axes.legend()
        return figure


def bar(case: Case) -> str:
    if case.lasted is None:
        return "> longer than you watched"
    return "=" * round(BAR * case.lasted) + (f"| {case.lasted:.1f} s" if case.lasted else " not at all")
