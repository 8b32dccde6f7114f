"""The whole shop of a tree, as `make ship` starts it: for the checks and the notebook of step 12."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import WorkshopError
from .traceback_text import explain

NOT_HERE = "The whole shop needs Linux or macOS: gunicorn does not run on Windows. On Windows, use WSL."


@contextlib.contextmanager
def shipped(tree: Path, **options: Any) -> Iterator[Any]:
    """Proxy, servers and database while the block runs: a `deploy.ship.Shop`. Its failure to start becomes a sentence."""
    if sys.platform == "win32":
        raise WorkshopError(NOT_HERE)
    from deploy.ship import ShipError, ship

    with contextlib.ExitStack() as stack:
        try:
            shop = stack.enter_context(ship(tree, **options))
        except ShipError as error:
            raise WorkshopError(explain(str(error), tree, "The shop did not start")) from None
        yield shop


def missing() -> list[str]:
    """What this machine lacks for the whole shop: a sentence for each part."""
    if sys.platform == "win32":
        return [NOT_HERE]
    from deploy import ship

    return ship.missing()
