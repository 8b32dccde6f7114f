"""Which tests one process runs together: the examples of one text, and what shares a build; any other is alone."""

import re

from xdist.scheduler import LoadScopeScheduling

EXAMPLE = re.compile(r"\[(?P<text>[^\]]+\.md):\d+\]$")

SHARE_A_BUILD = (
    "notebooks/tests/in_a_tab/",
    "server/tests/lab/test_lab_families.py",
    "server/tests/lab/test_lab_keys.py",
)


class ByText(LoadScopeScheduling):
    """Like xdist's `--dist load`, but for what shares a server or a build."""

    def _split_scope(self, nodeid: str) -> str:
        for place in SHARE_A_BUILD:
            if place in nodeid:
                return place
        found = EXAMPLE.search(nodeid)
        return found["text"] if found else nodeid
