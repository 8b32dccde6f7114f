"""Which tests one process runs together: the examples of one text, and a file whose tests share what they build; any other is alone."""

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

EXAMPLE = re.compile(r"\[(?P<text>[^\]]+\.md):\d+\]$")
IN_A_TAB = "notebooks/tests/in_a_tab/"  # several files share one build
# A fixture for a whole file, or the browser, which is one: other processes would build it for themselves.
SHARES = re.compile(r'scope="module"|^def \w+\(.*\b(browser|open_page)\b', re.M)


class ByText(LoadScopeScheduling):
    """Like xdist's `--dist load`, but for what shares a server or a build."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(IN_A_TAB):
            return IN_A_TAB
        if found := EXAMPLE.search(nodeid):
            return found["text"]
        file = nodeid.partition("::")[0]
        return file if shares(self.config.rootpath / file) else nodeid


@cache
def shares(file: Path) -> bool:
    return bool(SHARES.search(file.read_text(encoding="utf-8")))
