"""Every notebook that can run in a tab, solved, in a real browser. A module of its own: another worker has the next."""

import re

import pytest

from tests.each_notebook import each_of
from tests.in_a_tab.whole import WHOLE, asks_for_check

pytestmark = pytest.mark.timeout(600)


@each_of(WHOLE[1:])  # step 00 runs where its tab is closed in the middle (test_notebooks_in_a_tab)
def test_a_solved_notebook_passes_its_checks_in_the_tab(run, step, notebook, stored):
    text = run(f"solved_{notebook.stem}")
    assert (f"{step.stem}: passed" in text) == asks_for_check(notebook)
    assert not re.search("Traceback|not yet|not started|broken", text)
