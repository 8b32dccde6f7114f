"""Wait for a token to die, showing the seconds left; the wait ends at that instant and not later."""

import sys
import time
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from .. import claims

TICK = 0.1  # seconds between two drawings of the bar
BAR = 30  # characters


def until(instant: float, *, tick: Callable[[float], None]) -> None:
    """Sleep until the instant (seconds since 1970), calling `tick(seconds left)` on the way."""
    while (left := instant - time.time()) > 0:
        tick(left)
        time.sleep(min(left, TICK))


def countdown(token: str, name: str = "access token") -> None:
    """Show a bar that runs out when the token dies (its `exp`), in a notebook or a terminal, and return then."""
    instant = claims.expiry(token)
    show = in_notebook if "ipykernel" in sys.modules else in_terminal
    show(name, instant, Console())


def in_terminal(name: str, instant: float, console: Console) -> None:
    """A progress bar; where there is no terminal, one line before the wait."""
    whole = max(instant - time.time(), 0)
    if not console.is_terminal:
        console.print(f"   ... waiting {whole:.1f} s, until the {name} dies", highlight=False)
        until(instant, tick=lambda _left: None)
        return
    columns = (TextColumn("  "), BarColumn(BAR), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"{name}", total=whole or 1, completed=whole)
        until(
            instant,
            tick=lambda left: progress.update(task, completed=left, description=f"{name}: {left:.1f} s left"),
        )


def in_notebook(name: str, instant: float, _console: Console) -> None:
    from IPython.display import display

    whole = max(instant - time.time(), 0)
    shown = display(Line(name, whole, whole), display_id=True)
    until(instant, tick=lambda left: shown.update(Line(name, left, whole)))
    shown.update(Line(name, 0, whole))


class Line:
    """One state of a countdown, drawn as text: it needs no colour and no script."""

    def __init__(self, name: str, left: float, whole: float):
        filled = round(BAR * left / whole) if whole else 0
        self.text = f"{name}  [{'#' * filled}{'.' * (BAR - filled)}]  " + (
            f"{left:.1f} s left" if left else "dead"
        )

    def __repr__(self) -> str:
        return self.text
