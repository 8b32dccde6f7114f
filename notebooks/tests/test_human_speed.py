"""Every notebook, at the speed of a person who reads: the clock moves three minutes between two cells."""

import os
from pathlib import Path

import nbformat
import pytest

from testkit.turns import VARIANTS, todays
from tests.each_notebook import each_of, notebooks_of
from workshop.authoring import generated, normal
from workshop.learner import manifest

SHIFT = Path(__file__).parent / "human_speed"
BETWEEN = 180  # seconds


class Clock:
    """The file that kernel and servers read the time's shift from."""

    def __init__(self, path: Path):
        self.path, self.seconds = path, 0
        self.set(0)

    def set(self, seconds: int) -> None:
        """Replace the file in one step: a server may read it at any moment."""
        self.seconds = seconds
        fresh = self.path.with_suffix(".fresh")
        fresh.write_text(str(seconds))
        fresh.replace(self.path)

    def think(self, **_cell: object) -> None:
        self.set(self.seconds + BETWEEN)

    def environment(self, work: Path) -> dict[str, str]:
        return os.environ | {
            "WORKSHOP_WORK": str(work),
            "SHIFTED_CLOCK": str(self.path),
            "PYTHONWARNINGS": "ignore:datetime.datetime size changed",  # psycopg notices our class
            "PYTHONPATH": os.pathsep.join(filter(None, [str(SHIFT), os.environ.get("PYTHONPATH")])),
        }


def run_slowly(notebook: nbformat.NotebookNode, folder: Path, clock: Clock) -> nbformat.NotebookNode:
    """Run the notebook with the clock moved before each cell; its outputs are normalised as the stored ones."""
    client = generated.client(notebook, on_cell_execute=clock.think)
    client.execute(env=clock.environment(folder / "work"))
    return nbformat.reads(normal.dumped(notebook), as_version=4)


def outputs(notebook: nbformat.NotebookNode) -> dict[str, list]:
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


@pytest.mark.timeout(600)  # all of them with VARIANTS=4, as in CI; with 8, half
@each_of(todays(notebooks_of(manifest.steps()), turns=max(VARIANTS // 4, 1)))
def test_a_notebook_shows_the_same_to_somebody_who_thinks(step, notebook, stored, tmp_path):
    clock = Clock(tmp_path / "clock")
    solved = generated.solved(step, notebook)
    generated.solve_other_parts(solved, step, tmp_path / "work")
    slow = outputs(run_slowly(solved, tmp_path, clock))
    fast = outputs(nbformat.read(stored, as_version=4))
    assert clock.seconds == BETWEEN * len(slow)
    assert slow == fast


def test_the_clock_really_moves_in_kernel_and_server(tmp_path):
    """A token of a minute is dead one cell later: without the shift, both calls would get 200."""
    cells = [
        'import requests\nfrom workshop.notebook import open_step\nserver = open_step("00", access=60)',
        'ada = {"username": "ada", "password": "test"}\n'
        'access = requests.post(f"{server.url}/api/token/", json=ada).json()["access"]\n'
        'bearer = {"Authorization": f"Bearer {access}"}\n'
        'print(requests.get(f"{server.url}/user-orders/", headers=bearer).status_code)',
        'response = requests.get(f"{server.url}/user-orders/", headers=bearer)\n'
        'print(response.status_code, response.json()["messages"][0]["message"])',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    _, first, second = run_slowly(notebook, tmp_path, Clock(tmp_path / "clock")).cells
    assert first.outputs[0].text == "200\n"
    assert second.outputs[0].text == "401 Token is expired\n"
