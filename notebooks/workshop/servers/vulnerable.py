"""Servers of a tree with one hole each, on purpose. server/vulnerable/ holds the holes."""

from pathlib import Path

from . import manage
from .live_server import LiveServer


def vulnerable(hole: str, tree: Path, *, public_key: str = "", key: str = "") -> LiveServer:
    """The tree's server with the hole of that name, not started yet. It ends with this process.

    `public_key` is a partner's (PEM), whose tokens it takes as well; `key` is the one it signs with, where that is not
    the hole.
    """
    variables = {
        "DJANGO_SETTINGS_MODULE": "tab.vulnerable_settings" if manage.SETTINGS else "vulnerable.settings",
        "VULNERABLE": hole,
        "VULNERABLE_PUBLIC_KEY": public_key,
    }
    if key:
        variables["JWT_SIGNING_KEY"] = key
    return LiveServer(tree, access=300, refresh=3600, environment=variables)
