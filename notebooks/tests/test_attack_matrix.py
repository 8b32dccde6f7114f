"""Every attack of step 10 hits the server with its hole, is refused by the answer's, and spares the honest client."""

import pytest

from workshop.learner import manifest, tree
from workshop.learner.attack_matrix import ROWS, AttackMatrix, Cell

STEP = manifest.find("10")


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    return AttackMatrix().run(tree.answer(tmp_path_factory.mktemp("matrix") / "answer", STEP))


def test_every_cell_is_as_promised(matrix):
    assert matrix.broken() == []
    assert list(matrix.cells) == list(ROWS)


def test_it_says_in_words_and_signs_what_happened(matrix):
    text = matrix.text()
    assert text.count("✗ hit 200") == len(ROWS)
    assert text.count("✓ refused 401") + text.count("✓ refused 403") == len(ROWS)


def test_a_cell_that_is_not_as_promised_is_named():
    row = ROWS[0]
    matrix = AttackMatrix({row: Cell((401, "Token is invalid"), (200, None), (200, None))})
    assert len(matrix.broken()) == 2
    assert "✗ HIT 200" in matrix.text()


def test_another_error_than_the_promised_one_is_no_refusal():
    row = ROWS[0]
    matrix = AttackMatrix({row: Cell((200, None), (500, "Server error"), (200, None))})
    assert "✗ 500: Server error" in matrix.text()
