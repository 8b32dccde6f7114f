"""A notebook in the learner's hands: out of order, twice, beside another one, beside the terminal."""

import nbformat
import pytest
import requests

from workshop.learner import manifest

OPEN = 'from workshop.notebook import check, compare, guess, open_step\nserver = open_step("00")'
ASK = "import requests\nprint(server.port, requests.get(server.url + '/products/').status_code)"
FILE = "client/first_calls.py"
STUB = (manifest.find("00").folder / "start" / FILE).read_text()


@pytest.fixture
def notebook(kernel):
    """A kernel with step 00 open."""
    running = kernel()
    assert "A server of your copy answers at http://127.0.0.1:" in running.run(OPEN)
    return running


def test_a_cell_run_before_the_first_one_says_what_to_run(kernel):
    fresh = kernel()
    for cell, name in (
        ("check()", "check"),
        ('compare("public", 200)', "compare"),
        ("print(response)", "response"),
    ):
        assert (
            fresh.run(cell)
            == f"NameError: `{name}` does not exist yet. Run the cells above this one first: Run > Run All Above Selected Cell.\n"
        )
    told = fresh.run(f"%%edit {FILE}\nx = 1")
    assert told == "No step is open in this notebook yet. Run the first code cell, then this one."
    told = fresh.run("from workshop.notebook import check, guess\nguess('x', 1, choices=[1])")
    assert told == "No step is open in this notebook yet. Run the first code cell, then this one."


def test_cells_out_of_order_get_a_sentence(notebook, tmp_path):
    told = notebook.run('compare("public", 200)')
    assert told == "There is no guess named 'public' yet. Run the cell with guess('public', ...) first."
    assert notebook.run('guess("public", 500, choices=[200, 401])').startswith(
        "500 is not one of the choices."
    )
    assert notebook.run("response.status_code").startswith("NameError: `response` does not exist yet.")
    assert "is no file of yours inside work/" in notebook.run("%%edit ../evil.py\nx = 1")
    notebook.run("server.stop()")
    told = notebook.run("import requests\nrequests.get(server.url)")
    assert told == "ConnectionError: No server answers there. Run the first code cell again: it starts one.\n"
    (tmp_path / "work/manage.py").unlink()
    assert "work/ has no manage.py" in notebook.run("check()")


@pytest.mark.parametrize("number", ["11", "12"])
def test_a_step_that_a_tab_cannot_run_says_so_in_its_first_cell(kernel, number):
    tab = kernel()
    cells = nbformat.read(manifest.find(number).notebook, as_version=4).cells
    # As in a tab: none of these can be imported there.
    tab.run("import sys\nsys.modules |= dict.fromkeys(('cryptography', 'argon2', 'psycopg'))")
    tab.run("import workshop.notebook\nworkshop.notebook.IN_TAB = True")
    told = tab.run(next(cell.source for cell in cells if cell.id == "open"))
    assert told.startswith("A browser's tab has no ")
    assert f"Step {number} needs a machine of your own" in told
    assert "Traceback" not in told


def test_a_notebook_may_be_run_twice(kernel):
    running = kernel()
    cells = nbformat.read(manifest.find("00").notebook, as_version=4).cells
    codes = [cell.source for cell in cells if cell.cell_type == "code"]
    first, second = ([running.run(code) for code in codes] for _ in range(2))
    assert second[-1] == first[-1]
    assert "00_meet_the_server: not yet" in first[-1]
    assert not any("Error" in text for text in (*first, *second))


def test_the_stub_in_a_cell_never_replaces_what_the_learner_wrote_and_takes_it_over(notebook, tmp_path):
    mine = "x = 'mine'\n"
    (tmp_path / "work" / FILE).write_text(mine)
    told = notebook.run(f"%%edit {FILE}\n{STUB}")
    assert told == (
        f"work/{FILE} already holds your version. It is in this cell now, in place of the stub: go on with it.\n"
    )
    assert notebook.payload == [
        {"source": "set_next_input", "text": f"%%edit {FILE}\n{mine}", "replace": True}
    ]
    assert (tmp_path / "work" / FILE).read_text() == mine
    assert f"work/{FILE}: 1 line added, 1 removed (before: work/.history/" in notebook.run(
        f"%%edit {FILE}\nx = 2"
    )
    assert [path.read_text() for path in tmp_path.glob(f"work/.history/*/{FILE}")] == [mine]
    assert notebook.run(f"%%edit {FILE}\nx = 2") == f"work/{FILE}: no change\n"


def test_a_mistake_in_the_files_of_the_step_leads_back_to_their_cell(notebook):
    told = notebook.run(f"%%edit {FILE}\nx = 1")
    notebook.run(
        "from workshop.notebook import SESSION; SESSION.step = SESSION.step.__class__(**{"
        "**vars(SESSION.step), 'edits': ('drf_course/simple_jwt.py',)})"
    )
    told = notebook.run("%%edit drf_course/simple_jwt.py\nSIMPLE_JWT = {")
    cell = "Correct it in the cell that begins with %%edit drf_course/simple_jwt.py, and run that cell."
    assert told.endswith(cell)
    told = notebook.run("import requests\nrequests.get(server.url)")
    assert told == f"ConnectionError: The server is not running. {cell}\n"


def test_a_mistake_in_a_setting_is_reported_and_corrected_in_the_notebook(notebook, tmp_path):
    settings = "drf_course/simple_jwt.py"
    good = (tmp_path / "work" / settings).read_text()
    told = notebook.run(f"%%edit {settings}\nSIMPLE_JWT = {{")
    assert (
        "The server did not start. SyntaxError: '{' was never closed\n  in work/drf_course/simple_jwt.py, line 1:"
        in told
    )
    notebook.run(f"%%edit {settings}\n{good}")
    assert notebook.run(ASK).split()[1] == "200"
    (tmp_path / "work" / settings).write_text("SIMPLE_JWT = {")
    assert "in work/drf_course/simple_jwt.py, line 1:" in notebook.run(OPEN)
    notebook.run(f"%%edit {settings}\n{good}")
    notebook.run(OPEN)
    assert notebook.run(ASK).split()[1] == "200"


def test_a_second_notebook_on_the_same_step_gets_a_warning_and_works(notebook, kernel):
    other = kernel()
    told = other.run(OPEN)
    assert (
        "This step is open in another notebook too. Both write to work/; each has a server of its own."
        in told
    )
    (mine, ok), (yours, good) = (each.run(ASK).split() for each in (notebook, other))
    assert mine != yours
    assert ok == good == "200"


def test_a_notebook_of_another_step_takes_over_and_loses_nothing(
    notebook, kernel, tmp_path, eventually, listens
):
    (tmp_path / "work" / FILE).write_text("mine")
    port = int(notebook.run("print(server.port)"))
    told = kernel().run(OPEN.replace("00", "01"))
    assert "work/ moves on from step 00_meet_the_server: the server of that notebook was stopped." in told
    assert [path.read_text() for path in tmp_path.glob(f"work/.history/*/{FILE}")] == ["mine"]
    eventually(lambda: not listens(port))
    for cell in ("check()", f"%%edit {FILE}\nx = 2", "guess('public', 200, choices=[200])"):
        told = notebook.run(cell)
        assert told.startswith("work/ is no longer at step 00_meet_the_server: another notebook or a command")
    assert "work/ is ready for step 00_meet_the_server." in notebook.run(OPEN)
    assert notebook.run(ASK).split()[1] == "200"


def test_a_step_started_in_a_terminal_names_the_notebook_that_is_open(notebook, workshop):
    for command in (["start", "01"], ["solve"], ["reset"]):
        said = " ".join(workshop(*command).stdout.split())
        assert "The notebook of step 00_meet_the_server is open, and it works on work/ too." in said
    assert notebook.run("check()").startswith("work/ is no longer at step 00_meet_the_server")


def test_a_name_typed_as_a_guess_gets_a_hint_about_quotes(notebook):
    told = notebook.run('guess("challenge", header, choices=["body", "header"])')
    assert told == (
        "NameError: `header` without quotes is the name of a variable. "
        'A guess in words needs quotes: "header"\n'
    )


def test_a_check_leads_to_the_next_hint_and_after_a_pass_to_the_next_step(notebook, workshop, tmp_path):
    assert "Stuck? hint() shows hint 1 of 3." in notebook.run("check()")
    workshop("hint")
    assert "Stuck? hint() shows hint 2 of 3." in notebook.run("check()")
    (tmp_path / "work" / FILE).write_text((manifest.find("00").folder / "answer" / FILE).read_text())
    told = notebook.run("check()")
    assert "Other right answers, and wrong beliefs: solutions/00_meet_the_server/README.md" in told
    assert told.endswith("notebooks/01_token_pair.ipynb")


def test_a_notebook_gives_the_hints_that_the_terminal_gives(notebook, workshop):
    hints = [
        f"Hint {place} of 3 for 00_meet_the_server: {text}\n"
        for place, text in enumerate(manifest.find("00").hints, 1)
    ]
    assert notebook.run("hint()") == hints[0]
    assert " ".join(workshop("hint").stdout.split()) == hints[1].strip()
    last = (
        hints[2]
        + "That was the last hint. In a terminal, make solve shows the answer, and keeps your version.\n"
    )
    assert [notebook.run("hint()") for _ in range(2)] == [last, last]


def test_a_name_of_the_learners_is_not_replaced_by_hint(notebook):
    notebook.run("hint = 'mine'")
    notebook.run(OPEN)
    assert notebook.run("print(hint)") == "mine\n"


def test_make_check_works_beside_a_notebook_with_its_server(notebook, workshop):
    port = notebook.run("print(server.port)").strip()
    run = workshop("check")
    assert "00_meet_the_server: not yet (0 of " in run.stdout
    assert requests.get(f"http://127.0.0.1:{port}/products/", timeout=5).status_code == 200
    assert "00_meet_the_server: not yet" in notebook.run("check()")
