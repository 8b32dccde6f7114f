"""Every notebook that can run in a tab, as it is stored, in a real browser."""

import re

import pytest

from tests.each_notebook import each_of
from tests.in_a_tab.whole import WHOLE, asks_for_check

pytestmark = pytest.mark.timeout(600)


@each_of(WHOLE)
def test_an_unsolved_notebook_runs_to_its_end_in_the_tab(run, step, notebook, stored):
    text = run(notebook.stem)
    assert text.count("No guess yet.") == text.count("You made no guess") > 0
    assert (f"{step.stem}: not yet" in text) == asks_for_check(notebook)
    assert not re.search(f"{step.stem}: passed|broken", text)
