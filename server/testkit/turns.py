"""What takes long takes turns: a run proves a share of it, and the runs of the next days the rest."""

import os
import time
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

VARIANTS = int(os.environ.get("VARIANTS") or 1)
DAY = int(time.time() // 86_400)


def todays(items: Sequence[Item], turns: int = VARIANTS) -> Sequence[Item]:
    """Of so many turns today's: with `VARIANTS=4` every fourth item, with 1 all of them."""
    return items[DAY % turns :: turns]
