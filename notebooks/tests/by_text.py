"""Which tests one process runs together: the examples of one text; any other test is alone."""

import re

from xdist.scheduler import LoadScopeScheduling

EXAMPLE = re.compile(r"\[(?P<text>[^\]]+\.md):\d+\]$")


class ByText(LoadScopeScheduling):
    """Like xdist's `--dist load`, but for the examples of texts."""

    def _split_scope(self, nodeid: str) -> str:
        found = EXAMPLE.search(nodeid)
        return found["text"] if found else nodeid
