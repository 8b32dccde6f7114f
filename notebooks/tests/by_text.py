"""Which tests one process runs together: the examples of one text, and what the built site shows; any other is alone."""

import re

from xdist.scheduler import LoadScopeScheduling

EXAMPLE = re.compile(r"\[(?P<text>[^\]]+\.md):\d+\]$")

SITE = "notebooks/tests/in_a_tab/"


class ByText(LoadScopeScheduling):
    """Like xdist's `--dist load`, but for what shares a server or a build."""

    def _split_scope(self, nodeid: str) -> str:
        if SITE in nodeid:
            return SITE
        found = EXAMPLE.search(nodeid)
        return found["text"] if found else nodeid
