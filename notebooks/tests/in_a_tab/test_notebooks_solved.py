"""Every notebook that can run in a tab, solved, in a real browser. A module of its own: another worker has the next."""

import re

import pytest

from tests.each_notebook import each_of
from tests.in_a_tab.whole import LEFT_OUT, WALKED, WHOLE, asks_for_check

pytestmark = pytest.mark.timeout(600)


@each_of(WHOLE[len(WALKED) :])
def test_a_solved_notebook_passes_its_checks_in_the_tab(run, step, notebook, stored):
    text = run(f"solved_{notebook.stem}")
    assert (f"{step.stem}: passed" in text) == asks_for_check(notebook)
    assert LEFT_OUT.get(step.number, "") in text
    assert not re.search("Traceback|not yet|not started|broken", text)
