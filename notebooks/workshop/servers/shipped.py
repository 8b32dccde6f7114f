"""The whole shop of a tree, as `make ship` starts it: for the checks and the notebook of step 12."""

import atexit
import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import paths
from ..errors import WorkshopError
from .serving import refuse_taken
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


def start(tree: Path | str, **options: Any) -> Any:
    """The same, running until its `stop()`, or until this process ends."""
    stack = contextlib.ExitStack()
    shop = stack.enter_context(shipped(Path(tree), **options))
    shop.stop = stack.close
    atexit.register(shop.stop)
    return shop


def serve(*, port: int, web: int) -> None:
    """Serve the learner's copy until Ctrl-C, once step 12 has given it settings for production."""
    tree = paths.WORK
    if not (tree / "drf_course" / "production.py").exists():
        raise WorkshopError("work/drf_course/production.py is not there yet. Begin with: make start STEP=12")
    refuse_taken(port, "ship")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C does: every part ends, too
    for sentence in missing():
        print(f"{sentence} Until then the shop runs without it.")
    with shipped(tree, web=web, port=port, tidy=True) as shop:
        print(opening(shop), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            shop.wait()
    print("\nStopped. Nothing is left running.")


def opening(shop: Any) -> str:
    """What to do with a shop that just started."""
    return (
        f"Your copy answers at {shop.url}/products/ with drf_course.production. Everything listens on 127.0.0.1 alone.\n"
        f"  curl --cacert {shop.verify} {shop.url}/products/\n"
        f"  unencrypted: {shop.plain}\n"
        f"  past the proxy: curl -i -H 'Host: localhost' {shop.webs[0].url}/products/\n"
        f"  logs: {shop.folder}/web1.log, proxy.log and tidy.log\n"
        "Accounts of this rehearsal: admin, ada, grace; their password is test. Ctrl-C ends it, database and all."
    )


def missing() -> list[str]:
    """What this machine lacks for the whole shop: a sentence for each part."""
    if sys.platform == "win32":
        return [NOT_HERE]
    from deploy import ship

    return ship.missing()
