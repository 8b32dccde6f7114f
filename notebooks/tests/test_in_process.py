"""The notebooks over the other transport: servers as modules of the kernel's own process show what real processes show."""

import nbformat
import pytest

from workshop.authoring import generated, normal
from workshop.learner import manifest

# Cells whose output differs, and why.
DIFFERENT = {
    ("08_reuse_detection", "race-run"): "in one process requests take turns, so a race has no two winners",
    ("08_reuse_detection", "race-compare"): "it compares that result",
}


@pytest.mark.parametrize("step", manifest.steps(), ids=lambda step: step.stem)
def test_a_solved_notebook_shows_the_same_in_one_process(step, monkeypatch):
    monkeypatch.setenv("WORKSHOP_TRANSPORT", "in-process")
    ran = nbformat.reads(normal.dumped(generated.executed(generated.solved(step), step)), as_version=4)
    stored = nbformat.read(step.folder / "notebook.ipynb", as_version=4)
    assert len(ran.cells) == len(stored.cells)
    differing = [
        new.id
        for new, old in zip(ran.cells, stored.cells, strict=True)
        if new.get("outputs") != old.get("outputs")
    ]
    assert differing == [cell for stem, cell in DIFFERENT if stem == step.stem]
