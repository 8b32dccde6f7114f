"""A timeline: how long each token lives, and what the server answered when."""

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

RESPONSES = "responses"  # the label of their row
POLL = 0.2  # seconds
STEPS = (1, 2, 5, 10, 30, 60, 300, 3600, *(86_400 * 10**power for power in range(9)))  # seconds


@dataclass(repr=False)
class Timeline(Drawing):
    """Lifetimes and answers on one axis of seconds. Draws itself in a notebook, and as text anywhere."""

    start: float = field(default_factory=lambda: time.time())
    lifetimes: list[tuple[str, float, float]] = field(default_factory=list)  # name, from, to
    answers: list[tuple[float, int]] = field(default_factory=list)  # second, status
    issued_for: dict[str, int] = field(default_factory=dict)  # name, whole seconds

    def token(self, name: str, token: str) -> None:
        """Add a token's lifetime, from now to its expiry."""
        self.lifetimes.append((name, time.time() - self.start, claims.expiry(token) - self.start))
        if issued := claims.issued(token):
            self.issued_for[name] = claims.expiry(token) - issued

    def span(self, name: str, seconds: int) -> None:
        """Add a bar of so many seconds from now: for how long something is kept that is no token."""
        now = time.time() - self.start
        self.lifetimes.append((name, now, now + seconds))
        self.issued_for[name] = seconds

    def login(self, pair: dict[str, str]) -> None:
        """Add both tokens of one login. simplejwt makes the refresh token first, and counts both lifetimes from its `iat`.

        The access token's own `iat` may be a second later.
        """
        for name in ("access", "refresh"):
            self.token(name, pair[name])
            self.issued_for[name] = claims.expiry(pair[name]) - claims.issued(pair["refresh"])

    def answer(self, status: int) -> None:
        """Add an answer that came just now."""
        self.answers.append((time.time() - self.start, status))

    @property
    def length(self) -> float:
        """Seconds shown, at least one: to the last expiry, but not far past the last answer."""
        ends = [end for _, _, end in self.lifetimes]
        seen = [*(at for at, _ in self.answers), *(begin for _, begin, _ in self.lifetimes)]
        last = max([1, *seen]) if self.answers else max([1, *ends])
        return min(max([last, *ends]), last * 1.2)

    def text(self, width: int = 60) -> str:
        """The timeline in characters: a bar per token, and the status where each new answer came.

        A bar that ends in `>` goes on: its token outlives what is shown.
        """
        label = max([len(RESPONSES), *(len(name) for name, _, _ in self.lifetimes)])
        scale = (width - 1) / self.length
        rows = [f"{'seconds':<{label}} {axis(self.length, scale, width)}"]
        for name, begin, end in self.lifetimes:
            shown = min(end, self.length)
            closing = "|" if shown == end else ">"
            bar = (
                " " * round(begin * scale) + "|" + "=" * max(round((shown - begin) * scale) - 1, 0) + closing
            )
            rows.append(f"{name:<{label}} {bar}")
        rows += [
            f"{RESPONSES if not row else '':<{label}} {line}"
            for row, line in enumerate(self._answer_rows(scale))
        ]
        return "\n".join(line.rstrip() for line in rows)

    def _answer_rows(self, scale: float) -> list[str]:
        """Statuses at their places; one that would cover another goes a row down."""
        rows: list[str] = []
        for at, status in changes(self.answers):
            place = round(at * scale)
            free = next((row for row, line in enumerate(rows) if len(line) < place or not line), len(rows))
            rows += [""] * (free + 1 - len(rows))
            rows[free] = rows[free].ljust(place) + f"{status} "
        return rows

    def rounded(self) -> "Timeline":
        """The same story in whole seconds, which is the same at every run.

        A bar is as long as its token was issued for. What begins, and each new answer, is put where the last
        thing before it ended: the first 401 at the end of the access token's bar.
        """
        marks = [(0.0, 0.0)]  # instant, rounded
        story = Timeline(start=self.start, issued_for=self.issued_for)
        for name, begin, end in self.lifetimes:
            at, length = latest(marks, begin), self.issued_for.get(name, math.ceil(end - begin))
            story.lifetimes.append((name, at, at + length))
            marks.append((end, at + length))
        story.answers = [(latest(marks, at), status) for at, status in changes(self.answers)]
        return story

    def rounded_text(self) -> str:
        return f"{self.rounded().text()}\n(rounded to whole seconds)"

    def figure(self) -> "Figure":
        """The plot: bars for lifetimes, a round mark for success and a cross for refusal."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 1.2 + 0.4 * len(self.lifetimes)), layout="constrained")
        axes = figure.subplots()
        names = [name for name, _, _ in self.lifetimes]
        for row, (_, begin, end) in enumerate(self.lifetimes):
            axes.barh(row, end - begin, left=begin, height=0.5, color="#c6d8ea", edgecolor="#1f4e79")
        row = len(names)
        for good, marker, color in ((True, "o", "#1a7f37"), (False, "X", "#b3261e")):
            axes.plot(*self._points(good, row), marker, color=color, markersize=7)
        for at, status in changes(self.answers):
            axes.annotate(str(status), (at, row), (0, 8), textcoords="offset points", ha="center")
        axes.set_yticks([*range(row + 1)], [*names, RESPONSES])
        axes.set(xlabel="seconds", ylim=(row + 0.7, -0.7), xlim=(-0.1, self.length + 0.3))
        return figure

    def _points(self, good: bool, row: int) -> tuple[list[float], list[int]]:
        places = [at for at, status in self.answers if (status < 400) == good]
        return places, [row] * len(places)


def axis(length: float, scale: float, width: int) -> str:
    """Whole seconds, as many as have room."""
    room = len(str(int(length))) + 1
    step = next(step for step in STEPS if step * scale >= room)
    line = ""
    for second in range(0, int(length) + 1, step):
        place = round(second * scale)
        if place + len(str(second)) <= width:
            line = line.ljust(place) + str(second)
    return line


def changes(answers: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """The answers whose status differs from the one before."""
    return [
        (at, status)
        for place, (at, status) in enumerate(answers)
        if place == 0 or answers[place - 1][1] != status
    ]


def latest(marks: list[tuple[float, float]], instant: float) -> float:
    """The rounded place of the last mark that is not after the instant."""
    return max((place for at, place in marks if at <= instant), default=0.0)


def watch(
    call: Callable[[], requests.Response],
    *,
    until: int,
    seconds: float = math.inf,
    pair: dict[str, str] | None = None,
    timeline: Timeline | None = None,
    **tokens: str,
) -> Timeline:
    """Call every 0.2 s until the server answers `until`; the timeline shows the tokens' lifetimes.

    `watch(call, until=401, pair=pair)` shows both tokens of a login, `watch(call, until=401, access=access)` any
    tokens by name. It ends with the first answer of that status; otherwise after `seconds`, or when the
    longest-lived token has been dead for ten. A `timeline` that was begun before goes on.
    """
    timeline = timeline or Timeline()
    if pair:
        timeline.login(pair)
    for name, token in tokens.items():
        timeline.token(name, token)
    last = min(seconds, max((end for _, _, end in timeline.lifetimes), default=0) + 10)
    while time.time() - timeline.start < last:
        status = call().status_code
        timeline.answer(status)
        if status == until:
            break
        time.sleep(POLL)
    return timeline
