"""The notebooks that run in a tab to their end, with their checks."""

from tests.each_notebook import notebooks_of
from workshop.learner import manifest

WHOLE = notebooks_of(step for step in manifest.steps() if not (step.own_machine or step.check_elsewhere))

# The person who walks through the whole site solves these (test_whole_site.py).
WALKED = [case for case in WHOLE if case[0].number in ("00", "01", "02", "03")]

# What `check()` of a step says in a tab of the part that it leaves out there.
LEFT_OUT = {
    "01": "A browser's tab has no TLS.",
    "04": "A browser's tab has no threads.",
    "08": "A browser's tab has no two requests at once.",
}


def asks_for_check(notebook):
    """The first of a step's two notebooks may not."""
    return "check()" in notebook.read_text(encoding="utf-8")
