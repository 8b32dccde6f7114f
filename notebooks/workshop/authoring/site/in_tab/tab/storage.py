"""How much the browser still keeps for this site. Writing more than that would never end."""

import math

from js import navigator
from pyodide.ffi import create_proxy

SPARE = 1_000_000  # bytes that are left to the notebooks, which are kept in the same place
said = []  # the browser's last word


def told(estimate):
    said[:] = [estimate.quota - estimate.usage - SPARE]


hear = create_proxy(told)


def free():
    """Bytes, as the browser said last, and None before it has. It is asked again for the next time."""
    if not hasattr(navigator, "storage"):
        return math.inf
    navigator.storage.estimate().then(hear)
    return said[0] if said else None
