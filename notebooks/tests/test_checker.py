"""Whatever the learner's files do, a check says it in a sentence, and comes to an end."""

import pytest

from workshop.authoring import rules
from workshop.errors import WorkshopError
from workshop.learner import checker, tree
from workshop.learner.check_work import Checked

BODY = "def double(n):\n    {}\n"
STUB = BODY.format('raise NotImplementedError("step 00: twice n")')


TOY = "work/client/toy.py"
STOPPED = (
    "It was stopped after 3 s, the time a check may take. Your code was still in work/client/toy.py, line 2:"
)
HIDES = "import time\n    while True:\n        try:\n            time.sleep(9)\n        except BaseException:\n            pass"
FAULTS = {
    "a syntax error": ("def double(n)\n    return 2", [f"{TOY}, line 1: expected ':'."]),
    "a wrong indentation": ("def double(n):\nreturn 2", [f"{TOY}, line 2: expected an indented block"]),
    "a null byte": ("\0", [f"{TOY}", "null bytes"]),
    "an old encoding": ("'\xe9'", [f"{TOY}", "xe9"]),
    "a module that does not exist": (
        "import requestz",
        [
            "Your code raised ModuleNotFoundError: No module named 'requestz'",
            f"in {TOY}, line 1: import requestz",
        ],
    ),
    "a missing function": ("", [f"{TOY} has no `double`.", "keep the name the stub gave it"]),
    "a missing parameter": ("def double():\n    return 6", [f"{TOY}: ", "too many positional arguments"]),
    "an exception": (
        BODY.format("return 2 / 0"),
        ["Your code raised ZeroDivisionError: division by zero", f"in {TOY}, line 2: return 2 / 0"],
    ),
    "an assertion": (
        BODY.format("assert n == 4"),
        ["Your code raised AssertionError", f"in {TOY}, line 2: assert n == 4"],
    ),
    "sys.exit": (BODY.format("raise SystemExit(3)"), ["Your code raised SystemExit: 3", f"in {TOY}, line 2"]),
    "breakpoint()": (
        BODY.format("breakpoint(); return 2 * n"),
        ["breakpoint() waits for a person, and there is none in a check", f"in {TOY}, line 2: breakpoint()"],
    ),
    "input()": (
        BODY.format("return 2 * int(input())"),
        ["input() waits for a person, and there is none in a check", f"in {TOY}, line 2: return 2 * int"],
    ),
    "an endless recursion": (
        BODY.format("return double(n)"),
        ["Your code raised RecursionError", f"in {TOY}, line 2"],
    ),
    "a loop": (BODY.format("while True: pass"), [STOPPED]),
    "a wrong result": (
        BODY.format("return 5"),
        ["Sent 3. Expected 6, got 5. Twice three. → lesson 00, section 1"],
    ),
    "a deleted file": (
        None,
        [f"{TOY} is not there. Bring it back with make reset STEP=00_toy: it keeps your copy"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_reported_with_its_place(checked, fault):
    text, sentences = FAULTS[fault]
    outcomes = checked({"client/toy.py": text}, limit=3 if fault == "a loop" else checker.CHECK_LIMIT)
    state, message = outcomes["test_double"]
    assert state == "not yet"
    assert all(sentence in message for sentence in sentences), message
    after_a_loop = (
        "not yet",
        "It was not run, because an earlier check had to be stopped. Begin with that one.",
    )
    assert outcomes["test_login"] == (after_a_loop if fault == "a loop" else ("passed", ""))


def test_a_module_beside_the_file_is_imported(checked):
    files = {
        "client/toy.py": "from helpers import double\n",
        "client/helpers.py": "def double(n):\n    return 2 * n\n",
    }
    assert {state for state, _ in checked(files).values()} == {"passed"}


SERVERS = {
    "loops": ("import time\nwhile True: time.sleep(1)\n", "The server did not start within 20 s"),
    "exits": ("import os; os._exit(0)\n", "The server did not start: it ended without a word."),
    "waits": ("breakpoint()\n", "breakpoint() waits for a person"),
}


@pytest.mark.parametrize("fault", SERVERS)
def test_a_server_that_does_not_start_is_reported_in_a_sentence(checked, fault):
    text, sentence = SERVERS[fault]
    outcomes = checked({"drf_course/simple_jwt.py": text})
    assert outcomes["test_double"] == ("passed", "")
    state, message = outcomes["test_login"]
    assert state == "not yet"
    assert sentence in message


REFUSES_POLITELY = """\
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

busy = csrf_exempt(lambda request: JsonResponse({"detail": "Not now."}, status=503))
urlpatterns = [path("api/token/", busy)]
"""


def test_a_503_that_the_server_means_is_not_called_a_failure(checked):
    state, message = checked({"drf_course/urls.py": REFUSES_POLITELY})["test_login"]
    assert (state, message.partition(", got ")[2][:16]) == ("not yet", "503 (Not now.). ")
    assert "the server failed" not in message


SAID = """\
from workshop.expect import expect, leaked


def test_double(learner, said):
    learner("client/toy.py").double(3)
    found = leaked(said.by_code(), {"the password": "swordfish"}) or ["nothing"]
    expect(found, ["nothing"], sent="3", means="It is printed.", see="00, section 1")
"""


@pytest.mark.parametrize(
    "line",
    [
        "print('swordfish')",
        "import sys; print('swordfish', file=sys.stderr)",
        "import os; os.write(1, b'swordfish')",
        "import logging; logging.getLogger('mine').debug('the password is %s', 'swordfish')",
    ],
)
def test_a_check_sees_what_the_code_prints_and_logs(toy, work, line):
    step = toy(checks=SAID)
    tree.starter(work, step)
    (work / "client/toy.py").write_text(BODY.format(f"{line}; return 2 * n"))
    (outcome,) = checker.run(work, [step])
    assert (outcome.state, outcome.brief) == ("not yet", "Expected ['nothing'], got ['the password'].")


def test_a_stub_is_not_started(checked):
    assert checked({"client/toy.py": STUB})["test_double"] == ("not started", "step 00: twice n")


def test_a_value_that_the_check_cannot_use_is_shown(toy, work):
    step = toy(checks=toy.two_checks.replace(".double(3), 6", ".double(3)[0], 6"))
    tree.starter(work, step)
    (work / "client/toy.py").write_text(BODY.format("print(2 * n)"))
    told = checker.run(work, [step])[0]
    assert told.state == "not yet"
    assert told.message.startswith("double() gave None, and the check could not go on with that (TypeError: ")


@pytest.mark.parametrize(
    "ends",
    [BODY.format("import os; os._exit(0)"), BODY.format("raise KeyboardInterrupt")],
    ids=["os._exit", "interrupt"],
)
def test_code_that_ends_the_process_passes_no_check(checked, ends):
    outcomes = checked({"client/toy.py": ends})
    assert outcomes["test_double"][0] == outcomes["test_login"][0] == "not yet"
    assert outcomes["test_login"][1] == "It could not run: an earlier check never came to an end."


def test_a_loop_that_nothing_can_interrupt_is_ended_from_outside(checked, monkeypatch):
    monkeypatch.setattr(checker, "ALLOWANCE", 1)
    state, message = checked({"client/toy.py": BODY.format(HIDES)}, limit=1)["test_double"]
    assert (state, message.split(".")[0]) == ("not yet", "It never came to an end")


def test_five_megabytes_of_output_harm_nothing(checked):
    outcomes = checked({"client/toy.py": BODY.format("print('x' * 5_000_000); return 2 * n")})
    assert {state for state, _ in outcomes.values()} == {"passed"}


def test_code_that_deletes_itself_is_named(checked):
    state, message = checked(
        {"client/toy.py": BODY.format("__import__('os').remove(__file__); return 1 / 0")}
    )["test_double"]
    assert (state, message.splitlines()[0]) == (
        "not yet",
        "Your code raised ZeroDivisionError: division by zero",
    )


LEFT = """\
import http.server, socket, subprocess, sys, threading
from pathlib import Path
def double(n):
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever).start()
    other = socket.create_server(("127.0.0.1", 0))
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=[other.fileno()])
    Path(__file__).with_name("left").write_text(f"{server.server_port} {other.getsockname()[1]}")
    return 2 * n
"""


def test_what_the_code_leaves_running_is_ended_with_the_checks(checked, work, eventually, listens):
    outcomes = checked({"client/toy.py": LEFT})
    assert {state for state, _ in outcomes.values()} == {"passed"}
    thread, process = map(int, (work / "client/left").read_text().split())
    eventually(lambda: not listens(thread) and not listens(process))


@pytest.mark.parametrize("text", ["raise ValueError('no {}')", "return '{}'"], ids=["raised", "returned"])
def test_a_token_is_never_shown(checked, text):
    token = ".".join(["ey" + "JhbGciOiJIUzI1NiJ9", "ey" + "JzdWIiOiIxIn0", "c2lnbmF0dXJl"])
    _, message = checked({"client/toy.py": BODY.format(text.format(token))})["test_double"]
    assert "<token>" in message
    assert not any(part in message for part in token.split("."))


def test_the_first_failure_is_reported_whole_and_the_others_in_a_line():
    outcomes = [
        checker.Outcome("00_toy", "test_a", "passed", ""),
        checker.Outcome(
            "00_toy", "test_b", "not yet", "Sent b. Expected 1, got 2. Why.", "Expected 1, got 2."
        ),
        checker.Outcome(
            "00_toy", "test_c", "not yet", "Sent c. Expected 3, got 4. Why.", "Expected 3, got 4."
        ),
        checker.Outcome(
            "00_toy", "test_d", "not yet", "Sent d. Expected 3, got 4. Why.", "Expected 3, got 4."
        ),
        checker.Outcome(
            "00_toy", "test_e", "not yet", "Your code raised KeyError: 'a'\n  in work/a.py, line 2"
        ),
    ]
    assert [text for _, text in checker.told(outcomes)] == [
        "",
        "Sent b. Expected 1, got 2. Why.",
        "Expected 3, got 4.",
        "",
        "Your code raised KeyError: 'a'",
    ]


SKIPS = """

def test_beyond_this_machine(learner):
    import pytest

    pytest.skip("No nginx is found. On Debian, `apt-get install nginx-light` installs it.")
"""


def test_a_check_that_this_machine_cannot_run_is_not_proven_and_does_not_fail_the_step(toy, work):
    step = toy(checks=toy.parts["checks"] + SKIPS)
    outcomes = checker.run(tree.answer(work, step), [step])
    assert [outcome.state for outcome in outcomes] == ["passed", "passed", "skipped"]
    assert outcomes[-1].message == "No nginx is found. On Debian, `apt-get install nginx-light` installs it."
    assert Checked(step, outcomes).headline == (
        "00_toy: passed (2 of 3 checks; 1 not proven on this machine)"
    )
    assert checker.summary(outcomes[-1:]) == "not yet", "a step of which nothing was proven is not passed"


def test_the_rules_prove_nothing_where_a_check_is_skipped(toy):
    step = toy(checks=toy.parts["checks"] + SKIPS)
    with pytest.raises(rules.Unproven, match="No nginx is found"):
        rules.answer_rule(step)


def test_a_tree_without_manage_py_is_reported(checked):
    with pytest.raises(WorkshopError, match=r"work/ has no manage\.py, so there is no server to start"):
        checked({"manage.py": None})


def test_checks_that_cannot_be_imported_are_reported(toy, work):
    step = toy(checks="import requestz\n")
    tree.starter(work, step)
    with pytest.raises(
        WorkshopError, match=r"The checks could not run at all\. pytest said:\n(.|\n)*requestz"
    ):
        checker.run(work, [step])
