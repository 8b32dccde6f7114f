"""The rules themselves: a toy step breaks each of them in turn, and the rule says so."""

import dataclasses
import shutil

import pytest

from workshop.authoring import rules
from workshop.learner import manifest, promises, tree
from workshop.learner.checker import Outcome

IDLE = """

def test_the_shop_answers(url, learner):
    expect("open", "open", sent="nothing", means="It is a toy.", see="00, section 1")
"""


def told(sentences, *, rule):
    """The one sentence there is."""
    (sentence,) = sentences
    assert sentence.startswith(f"rule {rule}: ")
    return sentence


def test_an_already_solved_starter_is_caught(toy):
    sentences = rules.starter_rule(toy(start=toy.parts["answer"]))
    assert [sentence.split()[2] for sentence in sentences] == ["test_two", "test_three"]
    assert all("the step is already solved there" in sentence for sentence in sentences)


def test_an_answer_that_fails_is_caught(toy):
    sentence = told(rules.answer_rule(toy(answer=toy.parts["adds_two"])), rule=2)
    assert (
        "00_toy test_three fails on the answer: Sent 3. Expected 6, got 5. Twice, not two more." in sentence
    )


def test_an_answer_that_breaks_an_earlier_step_is_caught(toy, tmp_path):
    later = shutil.copytree(toy().folder, tmp_path / "solutions/01_toy")
    (later / "answer/client/toy.py").write_text(toy.parts["adds_two"])
    sentences = rules.answer_rule(manifest.read(later))
    assert any(sentence.startswith("rule 2: 00_toy test_three fails on the answer") for sentence in sentences)


def test_a_wrong_answer_that_passes_is_caught(toy):
    step = toy(adds_two=toy.parts["answer"])
    sentence = told(rules.wrong_rule(step, step.wrong[0]), rule=3)
    assert sentence == "rule 3: wrong/adds_two should fail test_three; it fails no check"


def test_a_wrong_answer_caught_by_the_wrong_check_is_caught(toy):
    step = toy(caught_by=["test_two"])
    sentence = told(rules.wrong_rule(step, step.wrong[0]), rule=3)
    assert sentence == "rule 3: wrong/adds_two should fail test_two; it fails test_three"


def test_a_wrong_answer_caught_by_one_check_too_many_is_caught(toy):
    step = toy(adds_two="def double(n):\n    return 7\n")
    sentence = told(rules.wrong_rule(step, step.wrong[0]), rule=3)
    assert sentence == "rule 3: wrong/adds_two should fail test_three; it fails test_three, test_two"


def test_a_wrong_answer_shown_the_message_of_another_belief_is_caught(toy):
    step = toy(says="Half of it")
    sentence = told(rules.wrong_rule(step, step.wrong[0]), rule=3)
    assert "should show 'Half of it'; it shows: Sent 3." in sentence


def test_a_wrong_answer_that_makes_a_check_end_in_an_error_is_caught(toy):
    checks = toy.parts["checks"] + '    {}["lost"]\n'
    step = toy(checks=checks.replace('expect(learner("client/toy.py").double(3)', "expect(6"))
    sentences = rules.wrong_rule(step, step.wrong[0])
    assert sentences[0] == "rule 3: wrong/adds_two makes test_three end in an error: KeyError: 'lost'"


def outcomes(*states):
    return [Outcome("00_toy", f"test_{name}", state, "Sent 3.") for name, state in states]


def test_a_check_that_a_step_undoes_may_fail_on_its_answer(toy):
    step = dataclasses.replace(toy(), undoes=("00_toy/test_two",))
    assert rules.answer_rule(step, outcomes(("two", "not yet"), ("three", "passed"))) == []


def test_a_check_that_fails_on_the_answer_and_is_not_undone_is_caught(toy):
    step = dataclasses.replace(toy(), undoes=("00_toy/test_two",))
    found = rules.answer_rule(step, outcomes(("two", "not yet"), ("three", "not yet")))
    assert told(found, rule=2) == "rule 2: 00_toy test_three fails on the answer: Sent 3."


def test_a_step_that_undoes_what_passes_is_caught(toy):
    step = dataclasses.replace(toy(), undoes=("00_toy/test_two",))
    found = rules.answer_rule(step, outcomes(("two", "passed"), ("three", "passed")))
    assert told(found, rule=2) == "rule 2: 00_toy says that it undoes 00_toy/test_two, which passes"


def test_a_guard_that_no_wrong_answer_names_is_caught(toy):
    step = toy(checks=toy.parts["checks"] + IDLE, guards=["test_the_shop_answers"])
    sentence = told(rules.decoration_rule(step), rule=4)
    assert "nothing fails test_the_shop_answers" in sentence


def test_a_check_that_nothing_fails_is_caught(toy):
    sentence = told(rules.starter_rule(toy(checks=toy.parts["checks"] + IDLE)), rule=1)
    assert "test_the_shop_answers passes on the starter" in sentence


def test_a_check_that_is_named_and_does_not_exist_is_caught(toy):
    sentence = told(rules.decoration_rule(toy(caught_by=["test_four"])), rule=4)
    assert "the manifest names test_four, and checks.py has no such check" in sentence


def test_an_error_in_place_of_an_assertion_is_caught(toy):
    checks = (
        toy.parts["checks"]
        + '\n\ndef test_broken(url):\n    expect({}["lost"], 1, sent="", means="", see="00")\n'
    )
    sentence = told(rules.starter_rule(toy(checks=checks)), rule=1)
    assert (
        sentence
        == "rule 1: test_broken ends in an error on the starter, not in an assertion: KeyError: 'lost'"
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('expect(learner("client/toy.py").status_code, 401, sent="", means="", see="")', "a bare status"),
        ('expect(learner("client/toy.py").double(2), 401, sent="", means="", see="")', "a bare status"),
        ('learner("client/toy.py").double(2)', "test_new never calls expect()"),
    ],
)
def test_a_check_that_says_too_little_is_caught(toy, line, says):
    step = toy(checks=f"{toy.parts['checks']}\n\ndef test_new(learner):\n    {line}\n")
    assert says in told(rules.reason_rule(step), rule=5)


def test_a_bare_assert_is_caught(toy):
    checks = toy.parts["checks"] + '    assert learner("client/toy.py").double(1) == 2\n'
    assert "test_three has a bare assert" in told(rules.reason_rule(toy(checks=checks)), rule=5)


def test_a_stray_file_is_caught(toy):
    step = toy()
    (step.folder / "answer/notes.txt").write_text("for later")
    assert "00_toy/answer/notes.txt is stray" in told(rules.files_rule(step), rule=6)


@pytest.mark.parametrize("name", ["README.md", "notebook.ipynb", "checks.py", "answer/client/toy.py"])
def test_a_missing_file_is_caught(toy, name):
    step = toy()
    (step.folder / name).unlink()
    assert f"00_toy/{name} is missing" in told(rules.files_rule(step), rule=6)


def test_a_wrong_answer_without_a_file_is_caught(toy):
    step = toy()
    (step.folder / "wrong/adds_two/client/toy.py").unlink()
    assert "wrong/adds_two has neither a patch nor a file" in told(rules.files_rule(step), rule=6)


def test_a_sentence_of_a_stub_that_no_promise_quotes_is_caught(toy):
    start = toy.parts["start"].replace("Twice n.", "Twice n. Works for every number,\n    also for 0.")
    sentence = told(rules.promise_rule(toy(start=start)), rule=7)
    assert sentence.endswith(
        'no promise quotes this sentence of a stub: "Works for every number, also for 0."'
    )


def test_a_promise_that_nobody_reads_is_caught(toy):
    sentences = rules.promise_rule(toy(promise={"says": "Thrice n.", "check": "test_three"}))
    assert [sentence.partition(": ")[2] for sentence in sentences] == [
        'no promise quotes this sentence of a stub: "Twice n."',
        'neither a stub nor the lesson says "Thrice n."',
    ]


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ("test_four", 'checks.py has no test_four, which is to guard "Twice n."'),
        ("test_two", 'test_two guards "Twice n.", and no wrong answer names it in its caught_by'),
    ],
)
def test_a_promise_without_a_check_that_can_fail_is_caught(toy, check, says):
    step = toy(promise={"says": "Twice n.", "check": check})
    assert told(rules.promise_rule(step), rule=7) == f"rule 7: {says}"


def test_a_ready_function_of_a_stub_promises_nothing(toy):
    ready = '\n\ndef half(n):\n    """Half of n."""\n    return n / 2\n'
    step = toy(start=toy.parts["start"] + ready, answer=toy.parts["answer"] + ready)
    assert rules.promise_rule(step) == []


def test_the_entries_of_a_list_are_sentences_of_their_own():
    text = """The state of n.

    `small`  below ten
    `large`  ten
        or more

    - Never a fraction. Never
      a word.
    """
    assert promises.sentences(text) == [
        "The state of n.",
        "`small` below ten",
        "`large` ten or more",
        "Never a fraction.",
        "Never a word.",
    ]


def test_too_few_right_answers_are_caught(toy):
    right = dict(list(toy.parts["right"].items())[:3])
    sentence = told(rules.style_rule(toy(right=right)), rule=7)
    assert sentence == "rule 7: 00_toy has 3 right answers of other styles; it needs 4"


def test_a_step_that_changes_the_server_without_the_attack_list_is_caught(toy):
    step = dataclasses.replace(toy(), edits=("drf_course/urls.py",))
    assert "its checks do not run the attack list" in told(rules.style_rule(step), rule=7)


def test_a_right_answer_that_a_check_refuses_is_caught(toy):
    step = toy(right=toy.parts["right"] | {"sums": toy.parts["adds_two"]})
    sums = next(right for right in step.right if right.name == "sums")
    sentence = told(rules.right_rule(step, sums), rule=7)
    assert sentence.startswith("rule 7: right/sums is right, and test_three fails it: Sent 3. Expected 6")


def test_the_last_answer_runs_every_check_and_any_other_its_own_and_what_it_undoes(monkeypatch):
    every = manifest.steps()
    stems = [step.stem for step in every]
    third = dataclasses.replace(every[2], undoes=(f"{stems[0]}/test_something",))
    monkeypatch.setattr(rules, "steps", lambda: every)
    assert [step.stem for step in rules.proved_by(every[-1])] == stems
    assert [step.stem for step in rules.proved_by(every[1])] == [stems[1]]
    assert [step.stem for step in rules.proved_by(third)] == [stems[0], stems[2]]


def test_a_sound_step_breaks_nothing(toy):
    assert rules.broken_by(toy()) == []


def test_an_answer_may_delete_a_file_of_the_start(toy, tmp_path):
    step = toy()
    keeps = step.folder / "right/keeps/client/old.py"
    for path in (step.folder / "start/client/old.py", keeps):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old = True\n")
    rights = (*step.right, manifest.RightAnswer("keeps", "It keeps the file."))
    changes = {"edits": (*step.edits, "client/old.py"), "removes": ("client/old.py",), "right": rights}
    step = dataclasses.replace(step, **changes)
    assert not (tree.answer(tmp_path / "answer", step) / "client/old.py").exists()
    assert (tree.starter(tmp_path / "starter", step) / "client/old.py").exists()
    assert step.solved_file("client/old.py") == keeps
    assert rules.files_rule(step) == []


def test_a_wrong_answer_may_be_a_change_of_a_right_one(toy, tmp_path):
    step = toy()
    (wrong,) = step.wrong
    (step.folder / "right/adds/client/beside.py").write_text("beside = True\n")
    step = dataclasses.replace(step, wrong=(dataclasses.replace(wrong, of="adds"),))
    built = tree.wrong(tmp_path / "wrong", step, "adds_two")
    assert (built / "client/beside.py").exists()
    assert (built / "client/toy.py").read_text() == toy.parts["adds_two"]
