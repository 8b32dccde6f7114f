"""The seven rules every step obeys. Each function gives the sentences of what breaks it; none means it holds."""

import ast
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..learner import checker, promises, tree
from ..learner.checker import Outcome
from ..learner.manifest import Promise, RightAnswer, Step, WrongAnswer, steps, up_to

Build = Callable[[Path], Path]

EXPECT = {"expect", "expect_each"}  # what compares in a check, and says why
RIGHT_ANSWERS = 4  # at least: fewer would not show that a check asks for a result, and not for a style


class Unproven(Exception):
    """This machine lacks what a check needs, and the message says what to install."""


def run_variant(build: Build, steps: list[Step]) -> list[Outcome]:
    """Build a tree in a temporary folder, and run the checks of these steps against it."""
    with tempfile.TemporaryDirectory(prefix="workshop-") as folder:
        outcomes = checker.run(build(Path(folder) / "tree"), steps)
    if unproven := [outcome.message for outcome in outcomes if outcome.state == "skipped"]:
        raise Unproven(unproven[0])
    return outcomes


def starter_rule(step: Step, outcomes: list[Outcome] | None = None) -> list[str]:
    """Rule 1: on the starter, earlier checks pass and this step's fail, by assertion.

    A check named in the manifest's `guards` may pass: it watches over what already works (rule 4 asks more of it).
    """
    if outcomes is None:
        # Under its stubs, the starter is the answer of the step before: there the earlier checks have passed already.
        outcomes = run_variant(lambda place: tree.starter(place, step), [step])
    broken = []
    for outcome in outcomes:
        if outcome.state == "broken":
            broken.append(
                f"rule 1: {outcome.check} ends in an error on the starter, not in an assertion: {outcome.message}"
            )
        elif outcome.step != step.stem and outcome.state != "passed":
            broken.append(
                f"rule 1: {outcome.step} {outcome.check} fails on the starter of {step.stem}: {outcome.message}"
            )
        elif outcome.step == step.stem and outcome.state == "passed" and outcome.function not in step.guards:
            broken.append(f"rule 1: {outcome.check} passes on the starter: the step is already solved there")
    return broken


def answer_rule(step: Step, outcomes: list[Outcome] | None = None) -> list[str]:
    """Rule 2: on the answer, every check passes, but for those of earlier steps that it or a step before it undoes."""
    if outcomes is None:
        outcomes = run_variant(lambda place: tree.answer(place, step), proved_by(step))
    undone = {name for each in up_to(step) for name in each.undoes}
    failing = [outcome for outcome in outcomes if outcome.state != "passed"]
    passed = {name_of(outcome) for outcome in outcomes} - {name_of(outcome) for outcome in failing}
    broken = [
        f"rule 2: {outcome.step} {outcome.check} fails on the answer: {outcome.message}"
        for outcome in failing
        if name_of(outcome) not in undone
    ]
    idle = sorted(passed.intersection(step.undoes))
    return broken + [f"rule 2: {step.stem} says that it undoes {name}, which passes" for name in idle]


def name_of(outcome: Outcome) -> str:
    """The check as a manifest's `undoes` names it."""
    return f"{outcome.step}/{outcome.function}"


def proved_by(step: Step) -> list[Step]:
    """The steps whose checks the answer runs: its own, and those of which it says that it undoes a check.

    The answer of the last step holds all others, and runs every check there is: what a step breaks for an earlier one
    shows there. So the suite grows with the number of steps, and not with its square.
    """
    if step.stem == steps()[-1].stem:
        return up_to(step)
    undone = {name.partition("/")[0] for name in step.undoes}
    return [each for each in up_to(step) if each.stem in undone or each == step]


def wrong_rule(step: Step, wrong: WrongAnswer, outcomes: list[Outcome] | None = None) -> list[str]:
    """Rule 3: exactly the step's checks that the manifest names catch a wrong answer, with the message for its belief."""
    if outcomes is None:
        outcomes = run_variant(lambda place: tree.wrong(place, step, wrong.name), [step])
    failing = [outcome for outcome in outcomes if outcome.state != "passed"]
    broken = [
        f"rule 3: wrong/{wrong.name} makes {outcome.check} end in an error: {outcome.message}"
        for outcome in failing
        if outcome.state == "broken"
    ]
    found = {outcome.function for outcome in failing}
    if found != set(wrong.caught_by):
        wanted, said = ", ".join(sorted(wrong.caught_by)), ", ".join(sorted(found)) or "no check"
        broken.append(f"rule 3: wrong/{wrong.name} should fail {wanted}; it fails {said}")
    elif not any(wrong.says in outcome.message for outcome in failing):
        said = " / ".join(outcome.message for outcome in failing)
        broken.append(f"rule 3: wrong/{wrong.name} should show {wrong.says!r}; it shows: {said}")
    return broken


def decoration_rule(step: Step) -> list[str]:
    """Rule 4: every check can fail. What rule 1 does not prove, some wrong answer must."""
    known = {function.name for function in check_functions(step)}
    caught = {check for wrong in step.wrong for check in wrong.caught_by}
    idle = [
        f"rule 4: nothing fails {name}: it is a guard, and no wrong answer names it"
        for name in sorted(set(step.guards) - caught)
    ]
    unknown = [
        f"rule 4: the manifest names {name}, and checks.py has no such check"
        for name in sorted((caught | set(step.guards)) - known)
    ]
    return idle + unknown


def reason_rule(step: Step) -> list[str]:
    """Rule 5: a check states what was sent, what it means and where to look, and compares no bare status."""
    broken = []
    speaking = speaking_functions(step)
    for function in check_functions(step):
        if function.name not in speaking:
            broken.append(
                f"rule 5: {function.name} never calls expect(): it cannot say what was sent and what it means"
            )
        if any(isinstance(node, ast.Assert) for node in ast.walk(function)):
            broken.append(
                f"rule 5: {function.name} has a bare assert: use expect(), which says what it means"
            )
    for call in calls_in(parsed(step), EXPECT):
        if any(is_bare_status(part) for part in call.args):
            broken.append(
                f"rule 5: checks.py, line {call.lineno}, looks at a bare status: compare answer(response)"
            )
    return broken


def speaking_functions(step: Step) -> set[str]:
    """The functions that call `expect` or `expect_each`, themselves or through another function of checks.py."""
    functions = [node for node in parsed(step).body if isinstance(node, ast.FunctionDef)]
    speaking: set[str] = set()
    while more := {each.name for each in functions if calls_in(each, speaking | EXPECT)} - speaking:
        speaking |= more
    return speaking


def calls_in(tree: ast.AST, names: set[str]) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if getattr(call.func, "id", "") in names]


def is_bare_status(node: ast.expr) -> bool:
    """`response.status_code`, or a number that can only be a status."""
    if isinstance(node, ast.Constant):
        return type(node.value) is int and 100 <= node.value < 600
    return isinstance(node, ast.Attribute) and node.attr == "status_code"


def files_rule(step: Step) -> list[str]:
    """Rule 6: the folder holds what its manifest knows: nothing stray, and nothing missing."""
    found = {path.relative_to(step.folder).as_posix() for path in step.folder.rglob("*") if path.is_file()}
    found = {path for path in found if "__pycache__" not in path}
    needed = {
        "step.toml",
        "checks.py",
        "README.md",
        *(path.name for path in step.solved_notebooks.values()),
        *(f"answer/{path}" for path in step.edits if path not in step.removes),
    }
    stray = [
        f"rule 6: {step.stem}/{path} is stray: the manifest knows no such file"
        for path in sorted(found - step.known_files)
        if not path.startswith(tuple(f"right/{right.name}/" for right in step.right))
    ]
    missing = [f"rule 6: {step.stem}/{path} is missing" for path in sorted(needed - found)]
    empty = [
        f"rule 6: {step.stem}/{variant} has neither a patch nor a file"
        for variant in step.variants
        if not any(path.startswith((f"{variant}/", f"{variant}.patch")) for path in found)
    ]
    return stray + missing + empty


def promise_rule(step: Step) -> list[str]:
    """Rule 7: every sentence that a stub promises is quoted, with the check that guards it and that a wrong answer fails."""
    quoted = {promises.one_line(promise.says) for promise in step.promises}
    text = promises.readable(step)
    broken = [
        f'rule 7: no promise quotes this sentence of a stub: "{sentence}"'
        for sentence in promises.promised(step)
        if sentence not in quoted
    ]
    broken += [
        f'rule 7: neither a stub nor the lesson says "{says}"' for says in sorted(quoted) if says not in text
    ]
    return broken + [sentence for promise in step.promises for sentence in unguarded(step, promise)]


def unguarded(step: Step, promise: Promise) -> list[str]:
    """What is missing behind a promise: its check, or the wrong answer that shows that the check sees it broken."""
    if promise.check not in {function.name for function in check_functions(step)}:
        return [f'rule 7: checks.py has no {promise.check}, which is to guard "{promise.says}"']
    if not any(promise.check in wrong.caught_by for wrong in step.wrong):
        return [
            f'rule 7: {promise.check} guards "{promise.says}", and no wrong answer names it in its caught_by'
        ]
    return []


def right_rule(step: Step, right: RightAnswer, outcomes: list[Outcome] | None = None) -> list[str]:
    """Rule 7: a right answer of another style passes every check of the step."""
    if outcomes is None:
        outcomes = run_variant(lambda place: tree.right(place, step, right.name), [step])
    return [
        f"rule 7: right/{right.name} is right, and {outcome.check} fails it: {outcome.message}"
        for outcome in outcomes
        if outcome.state != "passed"
    ]


def style_rule(step: Step) -> list[str]:
    """Rule 7: enough right answers show that the checks ask for a result, and a server is attacked whatever its step."""
    broken = []
    if len(step.right) < RIGHT_ANSWERS:
        broken.append(
            f"rule 7: {step.stem} has {len(step.right)} right answers of other styles; it needs {RIGHT_ANSWERS}"
        )
    if step.changes_the_server and "attacks" not in step.checks.read_text(encoding="utf-8"):
        broken.append(
            f"rule 7: {step.stem} changes the server, and its checks do not run the attack list (the fixture `attacks`)"
        )
    return broken


def parsed(step: Step) -> ast.Module:
    return ast.parse(step.checks.read_text(encoding="utf-8"))


def check_functions(step: Step) -> Iterable[ast.FunctionDef]:
    return [
        node
        for node in parsed(step).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def broken_by(step: Step) -> list[str]:
    """Everything that breaks a rule in one step. Its trees are checked side by side."""
    variants: list[Callable[[], list[str]]] = [lambda: starter_rule(step), lambda: answer_rule(step)]
    variants += [lambda wrong=wrong: wrong_rule(step, wrong) for wrong in step.wrong]
    variants += [lambda right=right: right_rule(step, right) for right in step.right]
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda rule: rule(), variants))
    found = [sentence for result in results for sentence in result]
    written = (files_rule, reason_rule, decoration_rule, promise_rule, style_rule)
    return [*(sentence for rule in written for sentence in rule(step)), *found]
