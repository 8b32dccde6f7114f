"""What the notebook of step 03 relies on: a wrong unit becomes a sentence."""

import requests

from workshop import notebook_errors, paths
from workshop.learner import manifest, tree

STEP = manifest.find("03_lifetime")


def test_a_lifetime_without_a_unit_becomes_a_sentence_in_the_notebook(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(paths, "WORK", tree.wrong(tmp_path / "tree", STEP, "a_number_is_seconds"))
    explain_no_json()
    said = capsys.readouterr().out
    assert "is not JSON" in said
    assert "ACCESS_TOKEN_LIFETIME is the number 3, and a lifetime is a timedelta" in said


def test_another_answer_that_is_no_json_is_to_be_looked_at(monkeypatch, capsys):
    monkeypatch.setattr(paths, "WORK", STEP.folder / "answer")
    explain_no_json()
    assert "Print response.status_code" in capsys.readouterr().out


def explain_no_json():
    error = requests.JSONDecodeError("Expecting value", "<!DOCTYPE html>", 0)
    notebook_errors.explain(None, type(error), error, None)
