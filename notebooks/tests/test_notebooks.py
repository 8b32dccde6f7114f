"""Every notebook, as it is stored and as it runs: unsolved without a crash, and solved."""

import ast
import re

import nbformat
import pytest

from testkit.turns import todays
from tests.each_notebook import each_of, notebooks_of
from workshop.authoring import generated, normal
from workshop.learner import manifest

STEPS = manifest.steps()
LINES = 12
NOTEBOOKS = notebooks_of(STEPS)
per_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)
per_notebook = each_of(NOTEBOOKS)


def cells_of(notebook, kind="code"):
    return [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == kind]


def minutes(notebook):
    return int(re.search(r"^\*\*Minutes:\*\* (\d+)\. ", cells_of(notebook, "markdown")[0].source, re.M)[1])


def has_exercise(notebook):
    return any(cell.source.startswith(generated.EDIT) for cell in cells_of(notebook))


def edited_in(notebook):
    """The files that the cells of a notebook write."""
    edits = [cell.source for cell in cells_of(notebook) if cell.source.startswith(generated.EDIT)]
    return {source.splitlines()[0].removeprefix(generated.EDIT) for source in edits}


def shown(notebook):
    """Everything the cells showed, as text."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "\n".join(output.get("text") or output["data"]["text/plain"] for output in outputs)


@per_notebook
def test_a_notebook_is_stored_without_outputs(step, notebook, stored):
    content = nbformat.read(notebook, as_version=4)
    nbformat.validate(content)
    assert all(not cell.outputs and cell.execution_count is None for cell in cells_of(notebook))
    assert content.metadata == {"kernelspec": normal.KERNEL, "language_info": {"name": "python"}}


@per_notebook
def test_an_exercise_cell_holds_the_stub(step, notebook, stored):
    """Of every file that it edits; a part before the last may have no exercise at all."""
    edited = [cell.source for cell in cells_of(notebook) if cell.source.startswith(generated.EDIT)]
    assert edited or notebook != step.notebooks[-1]
    stubs = {
        f"{generated.EDIT}{path}\n{(step.folder / layer / path).read_text().rstrip()}"
        for path in edited_in(notebook)
        for layer in ("start", "given")
        if (step.folder / layer / path).exists()
    }
    assert stubs == set(edited) & stubs


@per_step
def test_the_notebooks_of_a_step_edit_all_its_files(step):
    assert set().union(*map(edited_in, step.notebooks)) == set(step.edits)


@per_notebook
def test_a_guess_has_its_answer_among_its_choices_and_is_compared(step, notebook, stored):
    sources = [cell.source for cell in cells_of(notebook)]
    guesses = [cell for cell in cells_of(notebook) if cell.source.startswith("guess(")]
    assert guesses
    for cell in guesses:
        call = ast.parse(cell.source, mode="eval").body
        name, choice = (argument.value for argument in call.args)
        (choices,) = (
            ast.literal_eval(keyword.value) for keyword in call.keywords if keyword.arg == "choices"
        )
        assert choice is ...
        assert ast.literal_eval(cell.metadata["answer"]) in choices
        assert len(choices) == len({repr(each) for each in choices}) >= 2
        where = sources.index(cell.source)
        compared = re.compile(rf'compare\(\s*"{name}",')
        assert any(compared.search(source) for source in sources[where + 1 :]), name
    assert [cell for cell in cells_of(notebook) if "answer" in cell.metadata] == guesses


@per_notebook
def test_an_explanation_is_about_a_wrong_choice(step, notebook, stored):
    sources = [cell.source for cell in cells_of(notebook)]
    calls = [node for source in sources if "because=" in source for node in ast.walk(ast.parse(source))]
    comparisons = [
        call for call in calls if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "compare"
    ]
    guessed = {
        ast.literal_eval(call.args[0]): (
            ast.literal_eval(call.keywords[0].value),
            ast.literal_eval(cell.metadata["answer"]),
        )
        for cell in cells_of(notebook)
        if cell.source.startswith("guess(")
        for call in [ast.parse(cell.source, mode="eval").body]
    }
    for call in comparisons:
        choices, right = guessed[call.args[0].value]
        for explained in (ast.literal_eval(key) for option in call.keywords for key in option.value.keys):
            explained = list(explained) if isinstance(explained, tuple) else explained
            assert explained in choices
            assert explained != right


@per_notebook
def test_a_notebook_begins_and_ends_as_every_one_does(step, notebook, stored):
    first, *_, last = cells_of(notebook, "markdown")
    title, _, sentence, _, facts, *objectives = first.source.splitlines()
    assert title == f"# {notebook.name.partition('_')[0]} · {step.title}"
    assert re.fullmatch(r"[A-Z][^.]+\.", sentence)
    assert facts.startswith(
        f"**Minutes:** {minutes(notebook)}. **Lesson:** [lessons/{step.stem}.md](../lessons/{step.stem}.md)"
    )
    assert sum(line.startswith("- ") for line in objectives) >= 2
    assert last.source.startswith("## What you have now\n")
    assert re.findall(r"^(\d)\. ", last.source, re.M) == ["1", "2", "3"]
    assert "**Next:** " in last.source
    codes = [cell.source for cell in cells_of(notebook)]
    assert f'open_step("{step.stem}"' in codes[0]
    assert ("check()" in codes) == has_exercise(notebook)


@per_step
def test_the_parts_of_a_step_take_its_minutes(step):
    assert sum(map(minutes, step.notebooks)) == step.minutes


@per_notebook
def test_a_cell_to_run_is_short(step, notebook, stored):
    run = [cell.source for cell in cells_of(notebook) if not cell.source.startswith(generated.EDIT)]
    assert max(len(source.splitlines()) for source in run) <= LINES


@each_of(todays(NOTEBOOKS))
def test_a_notebook_runs_unsolved_from_top_to_bottom(step, notebook, stored):
    text = shown(generated.executed(nbformat.read(notebook, as_version=4), step))
    assert (f"{step.stem}: not yet" in text) == has_exercise(notebook)
    assert text.count("No guess yet.") == text.count("You made no guess") > 0
    assert f"{step.stem}: passed" not in text
    assert "broken" not in text


@per_notebook
def test_a_solved_notebook_is_the_notebook_with_its_answers(step, notebook, stored):
    """That a run gives the stored outputs is proven in test_human_speed.py, with a clock that moves."""
    kept = nbformat.read(stored, as_version=4)
    wanted = generated.solved(step, notebook)
    assert [cell.source for cell in kept.cells] == [cell.source for cell in wanted.cells], (
        "run: make notebooks"
    )
    told = shown(kept)
    assert (f"{step.stem}: passed" in told) == has_exercise(notebook)
    assert not re.search("not yet|not started|broken|You made no guess|What made you think so", told)


@per_step
def test_the_readme_of_a_solution_is_what_its_answer_produces(step):
    assert generated.readme(step) == (step.folder / "README.md").read_text(encoding="utf-8"), (
        "run: make notebooks"
    )


@per_notebook
def test_stored_outputs_hold_nothing_that_changes_from_run_to_run(step, notebook, stored):
    text = stored.read_text(encoding="utf-8")
    assert not any(pattern.search(text) for pattern in normal.KINDS.values())
    assert {int(port) for port in normal.PORT.findall(text)} <= set(range(8000, 8010))


def test_a_solution_notebook_that_is_out_of_date_is_named(toy, monkeypatch):
    step = toy()
    begin, end = ((generated.BEGIN, generated.END),)[0]
    parts = "".join(
        f"{begin.format(name=name)}\n{end.format(name=name)}\n" for name in ("diff", "wrong answers")
    )
    (step.folder / "README.md").write_text(parts)
    monkeypatch.setattr(generated, "solution_notebook", lambda step, notebook: "")
    assert generated.regenerate(write=False) == [step.folder / "README.md"]
    assert generated.regenerate(write=True) == [step.folder / "README.md"]
    assert generated.regenerate(write=False) == []
    assert "+    return 2 * n" in (step.folder / "README.md").read_text()
