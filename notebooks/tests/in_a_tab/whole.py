"""The notebooks that run in a tab to their end, with their checks."""

from tests.each_notebook import notebooks_of
from workshop.learner import manifest

WHOLE = notebooks_of(step for step in manifest.steps() if not (step.own_machine or step.check_elsewhere))


def asks_for_check(notebook):
    """The first of a step's two notebooks may not."""
    return "check()" in notebook.read_text(encoding="utf-8")
