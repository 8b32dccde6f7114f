"""What a notebook imports: `open_step` first, then guess, compare, check and the rest."""

import contextlib
import difflib
import html
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from IPython import get_ipython
from IPython.core.magic import register_cell_magic
from IPython.display import display

from . import paths
from .display.lives import Lives
from .display.timeline import Timeline, watch
from .display.token_view import TokenView
from .display.waiting import countdown
from .errors import WorkshopError
from .expect import redacted
from .learner import checker, manifest, progress, tree, work
from .learner.guesses import Guesses
from .learner.manifest import Step
from .learner.report import MARKS, what_next
from .learner.simple_jwt_file import fault
from .servers.live_server import LiveServer

__all__ = [
    "Lives",
    "Timeline",
    "TokenView",
    "check",
    "compare",
    "countdown",
    "guess",
    "open_step",
    "serve_wrong",
    "watch",
]


class Session:
    """What one notebook has open: its step, its server, its guesses."""

    step: Step | None = None
    server: LiveServer | None = None
    guesses: Guesses | None = None

    def __init__(self) -> None:
        self.wrong: dict[str, LiveServer] = {}
        self.lifetimes: dict[str, float | None] = {}

    def require(self) -> Step:
        if self.step is None:
            raise WorkshopError(
                "No step is open in this notebook yet. Run the first code cell, then this one."
            )
        return self.step


SESSION = Session()


def open_step(typed: str, *, access: float | None = None, refresh: float | None = None) -> LiveServer:
    """Open a step: make `work/` for it if needed, and start a server of it. Running this again starts afresh.

    `access` and `refresh` shorten the lifetimes of the server's tokens, in seconds.
    """
    step = manifest.find(typed)
    install_helpers()
    refuse_other_notebook(step)
    if SESSION.server:
        SESSION.server.stop()
    if not at(step):
        kept = work.start(step)
        say(
            f"work/ is ready for step {step.stem}."
            + (f" Your earlier copy is in {paths.shown(kept)}/." if kept else "")
        )
    SESSION.step, SESSION.guesses = step, Guesses(step)
    SESSION.lifetimes = {"access": access, "refresh": refresh}
    SESSION.server = LiveServer(paths.WORK, **SESSION.lifetimes)
    SESSION.server.start()
    announce(SESSION.server, step)
    say(f"A server of your copy answers at {SESSION.server.url}")
    return SESSION.server


def serve_wrong(name: str, *, access: float | None = None, refresh: float | None = None) -> LiveServer:
    """Start one more server: the step, solved in the wrong way of that name. `work/` stays as it is.

    Its tokens live as long as those of the notebook's own server, unless lifetimes are given, in seconds.
    """
    step = SESSION.require()
    known = [wrong.name for wrong in step.wrong]
    if name not in known:
        raise WorkshopError(f"This step has no wrong answer named {name!r}. It has: {', '.join(known)}")
    if name in SESSION.wrong:
        SESSION.wrong.pop(name).stop()
    runs = paths.SCRATCH / "run"
    runs.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=runs, prefix="wrong-"))
    given = {"access": access, "refresh": refresh} if access or refresh else SESSION.lifetimes
    server = LiveServer(tree.wrong(place, step, name), **given)
    SESSION.wrong[name] = server.start()
    say(f"A server of solutions/{step.stem}/wrong/{name} answers at {server.url}")
    return server


def at(step: Step) -> bool:
    try:
        return work.current().stem == step.stem
    except WorkshopError:
        return False


def guess(name: str, choice: object, *, choices: list) -> None:
    """Record a guess: `guess("no token", 401, choices=[200, 401, 403])`."""
    SESSION.require()
    say(SESSION.guesses.guess(name, choice, choices=choices))


def compare(name: str, result: object) -> None:
    """Put the guess of that name beside what the server really said."""
    SESSION.require()
    say(SESSION.guesses.compare(name, result))


def check() -> None:
    """Check `work/` as `make check` does, on a server of its own."""
    step = SESSION.require()
    outcomes = checker.run(paths.WORK, [step])
    result = checker.summary(outcomes)
    progress.checked(step, result)
    display(Outcomes(outcomes, f"{step.stem}: {result}", what_next(step, result)))


class Outcomes:
    """How the checks came out: a table, and the same as text."""

    def __init__(self, outcomes: list[checker.Outcome], result: str, then: str):
        self.outcomes, self.result, self.then = outcomes, result, then

    def __repr__(self) -> str:
        rows = [
            f"  {MARKS[outcome.state]} {outcome.state:<12} {outcome.title}{indented(message)}"
            for outcome, message in checker.told(self.outcomes)
        ]
        return "\n".join([*rows, "", self.result])

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.table()}

    def table(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{MARKS[outcome.state]} {outcome.state}</th>'
            f'<td style="text-align:left">{html.escape(outcome.title)}'
            f"{f'<br><small>{html.escape(message)}</small>' if message else ''}</td></tr>"
            for outcome, message in checker.told(self.outcomes)
        )
        return f"<table><tbody>{rows}</tbody></table><p><strong>{html.escape(self.result)}</strong></p>"


def indented(message: str) -> str:
    return "".join(f"\n      {line}" for line in message.splitlines())


def edit(line: str, cell: str) -> None:
    """`%%edit client/token_pair.py`: write the cell into that file of `work/` and restart the server.

    A cell that still holds the stub never replaces a file you have changed elsewhere.
    """
    step = SESSION.require()
    relative = line.strip()
    path = work.inside(relative)
    before = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    if is_stub(step, relative, cell) and before != cell and before:
        say(f"work/{relative} already holds your version, and this cell holds the stub: nothing was written.")
        return
    kept = work.write(relative, cell, keep=not is_stub(step, relative, before))
    say(
        f"work/{relative}: "
        + (changed(before, cell) or "no change")
        + (f" (before: {paths.shown(kept)})" if kept else "")
    )
    if before != cell:
        SESSION.server.restart()


def is_stub(step: Step, relative: str, text: str) -> bool:
    stub = step.folder / "start" / relative
    return stub.exists() and stub.read_text(encoding="utf-8") == text


def changed(before: str, after: str) -> str:
    """How many lines came and went."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in ("+ ", "- "))
    return f"{added} lines added, {removed} removed" if added or removed else ""


def say(sentence: str) -> None:
    print(redacted(sentence))


def install_helpers() -> None:
    """The `%%edit` magic, and sentences in place of three errors: out-of-order cells and a failing server give them."""
    shell = get_ipython()
    if shell is None:
        return
    register_cell_magic(edit)
    import requests

    shell.set_custom_exc((NameError, requests.ConnectionError, requests.JSONDecodeError), explain)


def explain(shell, kind, error, traceback, tb_offset=None):
    """Say what an out-of-order cell lacks, or why there is no JSON; the error itself stays one line."""
    if isinstance(error, NameError):
        sentence = f"`{error.name}` does not exist yet. Run the cells above this one first: Run > Run All Above Selected Cell."
    elif isinstance(error, ValueError):
        mistake = fault(paths.WORK) or "Print response.status_code and response.text[:300]."
        sentence = f"This answer of the server is no JSON. {mistake}"
    else:
        sentence = "No server answers there. Run the first code cell again: it starts one."
    print(f"{kind.__name__}: {sentence}")
    return []


def announce(server: LiveServer, step: Step) -> None:
    """Let other notebooks see which step this one's server runs."""
    facts = {"step": step.stem, "port": server.port, "work": str(paths.WORK), "pid": os.getpid()}
    (server.folder / "notebook.json").write_text(json.dumps(facts), encoding="utf-8")


def refuse_other_notebook(step: Step) -> None:
    """Two notebooks may share `work/` only on the same step: they write the same files."""
    for other in other_notebooks():
        if other["step"] != step.stem:
            raise WorkshopError(
                f"The notebook of step {other['step']} is running, and it writes to work/ too. "
                "Shut its kernel down first (Kernel > Shut Down Kernel), then run this cell again. work/ was left as it was."
            )
        say("This step is open in another notebook too. Both write to work/; each has a server of its own.")


def other_notebooks() -> Iterator[dict]:
    for path in (paths.SCRATCH / "run").glob("*/notebook.json"):
        with contextlib.suppress(OSError, ValueError):
            facts = json.loads(path.read_text(encoding="utf-8"))
            if facts["work"] == str(paths.WORK) and facts["pid"] != os.getpid() and listens(facts["port"]):
                yield facts


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
