"""The six rules every step obeys. Each function gives the sentences of what breaks it; none means it holds."""

import ast
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..learner import checker, tree
from ..learner.checker import Outcome
from ..learner.manifest import Step, WrongAnswer, up_to

Build = Callable[[Path], Path]


def run_variant(build: Build, steps: list[Step]) -> list[Outcome]:
    """Build a tree in a temporary folder, and run the checks of these steps against it."""
    with tempfile.TemporaryDirectory(prefix="workshop-") as folder:
        return checker.run(build(Path(folder) / "tree"), steps)


def starter_rule(step: Step, outcomes: list[Outcome] | None = None) -> list[str]:
    """Rule 1: on the starter, earlier checks pass and this step's fail, by assertion.

    A check named in the manifest's `guards` may pass: it watches over what already works (rule 4 asks more of it).
    """
    if outcomes is None:
        outcomes = run_variant(lambda place: tree.starter(place, step), up_to(step))
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
    """Rule 2: on the answer, every check up to this step passes."""
    if outcomes is None:
        outcomes = run_variant(lambda place: tree.answer(place, step), up_to(step))
    failing = [outcome for outcome in outcomes if outcome.state != "passed"]
    return [
        f"rule 2: {outcome.step} {outcome.check} fails on the answer: {outcome.message}"
        for outcome in failing
    ]


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
        broken.append(f"rule 3: wrong/{wrong.name} should be told {wrong.says!r}; it was told: {said}")
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
    for call in calls_in(parsed(step), {"expect"}):
        if any(is_bare_status(part) for part in call.args):
            broken.append(
                f"rule 5: checks.py, line {call.lineno}, looks at a bare status: compare answer(response)"
            )
    return broken


def speaking_functions(step: Step) -> set[str]:
    """The functions that call `expect`, themselves or through another function of checks.py."""
    functions = [node for node in parsed(step).body if isinstance(node, ast.FunctionDef)]
    speaking: set[str] = set()
    while more := {each.name for each in functions if calls_in(each, speaking | {"expect"})} - speaking:
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
        "notebook.ipynb",
        *(f"answer/{path}" for path in step.edits),
    }
    stray = [
        f"rule 6: {step.stem}/{path} is stray: the manifest knows no such file"
        for path in sorted(found - step.known_files)
    ]
    missing = [f"rule 6: {step.stem}/{path} is missing" for path in sorted(needed - found)]
    empty = [
        f"rule 6: {step.stem}/wrong/{wrong.name} has neither a patch nor a file"
        for wrong in step.wrong
        if not any(path.startswith((f"wrong/{wrong.name}/", f"wrong/{wrong.name}.patch")) for path in found)
    ]
    return stray + missing + empty


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
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda rule: rule(), variants))
    found = [sentence for result in results for sentence in result]
    return [*files_rule(step), *reason_rule(step), *decoration_rule(step), *found]
