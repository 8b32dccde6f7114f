"""Every attack of step 10 hits the server with its hole, is refused by the answer's, and spares the honest client."""

import sys
from urllib.parse import quote

import pytest

from testkit.machine import need
from workshop.errors import WorkshopError
from workshop.learner import manifest, tree
from workshop.learner.attack_matrix import ROWS, AttackMatrix, Cell, can_run
from workshop.servers.live_server import LiveServer
from workshop.setup import chromium

STEP = manifest.find("10")


@pytest.fixture(scope="module")
def matrix(tmp_path_factory):
    need(chromium.find(), chromium.MISSING)
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


def test_a_script_of_a_stranger_is_text_on_a_page_of_the_shop(tmp_path):
    """So it is refused because the page escapes it, and not because it was nowhere."""
    need(chromium.find(), chromium.MISSING)
    with LiveServer(tree.answer(tmp_path / "answer", STEP)) as server:
        page = chromium.visit(f"{server.url}/guest-book/{quote('<img src=x onerror=document.title=1>')}")
    assert "guest-book/&lt;img src=x onerror=document.title=1&gt;" in page
    assert "<title>Page not found" in page


def test_without_a_browser_two_attacks_are_left_out_and_the_matrix_says_so(monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda: None)
    assert [row.name for row in ROWS if not can_run(row)] == ["local_storage", "cookie"]
    assert "Two attacks need a browser. No Chromium or Chrome is on PATH." in AttackMatrix().text()


def test_a_browser_that_fails_is_a_sentence(monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda: sys.executable)
    with pytest.raises(WorkshopError, match=r"did not show a page. It ended with: CalledProcessError"):
        chromium.visit("http://127.0.0.1:9/")
