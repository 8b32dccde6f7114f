"""Many requests at once, and how many of them were accepted, round after round."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from ..servers.transport import IN_PROCESS
from .drawing import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class Race(Drawing):
    """`race.run(prepare, send)`: in each round `prepare()` gives one thing, and `send(thing)` is called many times at once.

    `accepted` holds the number of responses with status 200 of each round, and `refusals` counts the other statuses.
    """

    parallel: int = 20
    rounds: int = 10
    accepted: list[int] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)

    def run(self, prepare: Callable[[], Any], send: Callable[[Any], requests.Response]) -> "Race":
        with ThreadPoolExecutor(1 if IN_PROCESS else self.parallel) as pool:
            for _ in range(self.rounds):
                thing = prepare()
                statuses = [each.status_code for each in pool.map(send, [thing] * self.parallel)]
                self.accepted.append(statuses.count(200))
                self.refusals.update(status for status in statuses if status != 200)
        return self

    @property
    def most(self) -> int:
        """The largest number accepted in one round."""
        return max(self.accepted)

    def text(self) -> str:
        counts = Counter(self.accepted)
        rows = [f"{number:>2} accepted  {'█' * counts[number]} {counts[number]}" for number in sorted(counts)]
        head = f"{self.rounds} rounds of {self.parallel} requests at once"
        return "\n".join([head, *rows, f"refused: {self.refused()}"])

    def rounded_text(self) -> str:
        """How many at once are accepted depends on the moment; whether it is always exactly one does not."""
        always_one = set(self.accepted) == {1}
        said = (
            "exactly one accepted in every round" if always_one else "more than one accepted in some rounds"
        )
        return f"{self.rounds} rounds of {self.parallel} requests at once: {said}"

    def refused(self) -> str:
        return ", ".join(f"{count} x {status}" for status, count in sorted(self.refusals.items())) or "none"

    def figure(self) -> "Figure":
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 2.4), layout="constrained")
        axes = figure.subplots()
        counts = Counter(self.accepted)
        bars = axes.bar(list(counts), list(counts.values()), color="#0b6e4f", width=0.6)
        axes.bar_label(bars)
        axes.set_xlabel(f"accepted of {self.parallel} requests with one refresh token")
        axes.set_ylabel("rounds")
        axes.set_xticks(range(max(self.most, 1) + 1))
        axes.margins(y=0.2)
        return figure
