"""What a notebook imports: `open_step` first, then guess, compare, check and the rest."""

import tempfile
from functools import cache
from pathlib import Path

from IPython import get_ipython
from IPython.display import display

from . import paths
from .display.lives import Lives
from .display.race import Race
from .display.timeline import Timeline, watch
from .display.token_view import TokenView
from .display.waiting import countdown
from .errors import WorkshopError
from .expect import redacted
from .learner import hints, keeping, open_notebooks, planned, site_page, tree, work
from .learner.attack_matrix import AttackMatrix
from .learner.check_work import check_work
from .learner.checked_view import CheckedView
from .learner.class_report import tell
from .learner.edits import changed, is_stub, led_back
from .learner.guesses import Guesses
from .learner.manifest import Step
from .notebook_errors import install_helpers
from .notebook_session import SESSION, at
from .servers import shipped
from .servers.live_server import LiveServer
from .servers.own_project import OwnProject
from .servers.publisher import Publisher
from .servers.transport import IN_TAB
from .servers.vulnerable import vulnerable
from .servers.warehouse import Warehouse

TAKE_IT_HOME = (
    "To take your copy home, download it with the link below. On a machine of your own, "
    "`make start FROM=work.zip` brings it back, and `make check` checks it."
)
NO_CLOCK = (
    "A browser's tab has no clock that could stop a check. If this one runs for minutes, your code may loop: choose "
    "Kernel > Restart Kernel, correct the file, and run the notebook again."
)
__all__ = [
    "AttackMatrix",
    "Lives",
    "Publisher",
    "Race",
    "Timeline",
    "TokenView",
    "check",
    "compare",
    "countdown",
    "guess",
    "hint",
    "open_step",
    "serve_own_project",
    "serve_solved",
    "serve_vulnerable",
    "serve_warehouse",
    "serve_wrong",
    "ship",
    "watch",
]


def open_step(typed: str, *, access: float | None = None, refresh: float | None = None) -> LiveServer:
    """Open a step: make `work/` for it if needed, and start a server of it. Running this again starts afresh.

    `access` and `refresh` shorten the lifetimes of the server's tokens, in seconds.
    """
    step = planned.find(typed)
    if IN_TAB and step.own_machine:
        raise WorkshopError(
            f"{step.own_machine} Step {step.number} needs a machine of your own: the README says how to begin there. "
            f"What its cells show: {site_page.solved(step)}"
        )
    install_helpers(edit, hint)
    if SESSION.server:
        SESSION.server.stop()
    take_over(step)
    if not at(step):
        kept = work.start(step)
        say(
            f"work/ is ready for step {step.stem}."
            + (f" Your earlier copy is in {paths.shown(kept)}/." if kept else "")
        )
    SESSION.step, SESSION.guesses = step, Guesses(step)
    SESSION.lifetimes = {"access": access, "refresh": refresh}
    SESSION.server = LiveServer(paths.WORK, **SESSION.lifetimes)
    SESSION.start()
    say(f"A server of your copy answers at {SESSION.server.url}")
    if IN_TAB:
        from . import notebook_lab

        say(
            "That address is one inside this tab: the cells of this notebook reach it, and so does the page below. "
            "What you write is kept in this browser; a private window forgets it when you close it."
        )
        notebook_lab.show()
    if paths.elsewhere():
        say(paths.elsewhere())
    return SESSION.server


def take_over(step: Step) -> None:
    """Notebooks share `work/`: on the same step side by side; for another step, the last one that is opened has it."""
    for other in open_notebooks.others():
        if other.step == step.stem:
            say(
                "This step is open in another notebook too. Both write to work/; each has a server of its own."
            )
        else:
            other.end_server()
            say(f"work/ moves on from step {other.step}: the server of that notebook was stopped.")


def serve_wrong(name: str, *, access: float | None = None, refresh: float | None = None) -> LiveServer:
    """Start one more server: the step, solved in the wrong way of that name. `work/` stays as it is.

    Its tokens live as long as those of the notebook's own server, unless lifetimes are given, in seconds.
    """
    step = SESSION.opened()
    known = [wrong.name for wrong in step.wrong]
    if name not in known:
        raise WorkshopError(f"This step has no wrong answer named {name!r}. It has: {', '.join(known)}")
    given = {"access": access, "refresh": refresh} if access or refresh else SESSION.lifetimes
    server = one_more(name, LiveServer(tree.wrong(new_place(), step, name), **given))
    say(f"A server of solutions/{step.stem}/wrong/{name} answers at {server.url}")
    return server


def serve_solved() -> LiveServer:
    """Start one more server: the step, solved. `work/` stays as it is, and tokens live as long as those of its server."""
    step = SESSION.opened()
    server = one_more("solved", LiveServer(tree.answer(new_place(), step), **SESSION.lifetimes))
    say(f"A server of step {step.number}, solved, answers at {server.url}")
    return server


def serve_vulnerable(hole: str) -> LiveServer:
    """Start one more server: your copy as it was before the step, with the hole of that name in server/vulnerable/."""
    before = tree.before_answer(new_place(), SESSION.opened())
    server = one_more(hole, vulnerable(hole, before))
    say(f"A server that is vulnerable on purpose ({hole}) answers at {server.url}")
    return server


def new_place() -> Path:
    """An empty folder for a tree; it is removed some day later."""
    runs = paths.SCRATCH / "run"
    runs.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=runs, prefix="wrong-"))


def one_more(name: str, server: LiveServer) -> LiveServer:
    """The server, started; an earlier one of that name is stopped."""
    if name in SESSION.wrong:
        SESSION.wrong.pop(name).stop()
    SESSION.wrong[name] = server.start()
    return server


def serve_own_project(*, wrong: str = "") -> LiveServer:
    """Start one more server: of the plain project in `work/own_project/`, as its files are now.

    `wrong` names a wrong answer of the step. Its project runs then, and `work/` stays as it is.
    """
    step = SESSION.require()
    place = tree.wrong(new_place(), step, wrong) if wrong else paths.WORK
    try:
        server = one_more(f"{paths.OWN_PROJECT} {wrong}", OwnProject(place))
    except WorkshopError as error:
        raise led_back(error, step) from None
    say(
        f"A server of {f'solutions/{step.stem}/wrong/{wrong}' if wrong else paths.shown(server.tree)} answers at {server.url}"
    )
    return server


def serve_warehouse(shop: LiveServer, keys: str = "", **seconds: float) -> Warehouse:
    """Start the warehouse beside a shop: a second service, which knows the address of the shop's public keys and no secret.

    `keys` is another address for them. `lifespan` and `cooldown` are in seconds: how long keys are used, and how long
    it waits before it asks again.
    """
    SESSION.opened()
    warehouse = Warehouse(shop.tree, keys or f"{shop.url}/.well-known/jwks.json", **seconds)
    server = one_more(f"the warehouse of {shop.tree}", warehouse)
    say(f"A warehouse answers at {server.url}")
    return server


def ship(which: str = "work", **options: object) -> object:
    """Start the whole shop with production settings: of `work/`, or of the step's `starter`, whatever `work/` holds by now.

    One shop runs at a time: the one before is stopped. Its `url` is https; `requests` wants `verify=shop.verify`.
    """
    step = SESSION.require()
    if SESSION.shop:
        SESSION.shop.stop()
    built = {"work": lambda: paths.WORK, "starter": lambda: tree.starter(new_place(), step)}[which]()
    SESSION.shop = shop = shipped.start(built, **options)
    proxy = "a proxy with TLS" if shop.proxy else f"no proxy ({shipped.missing()[0]})"
    say(f"The whole shop of {which} runs: {proxy}, {len(shop.webs)} servers, one database.")
    return shop


def guess(name: str, choice: object, *, choices: list) -> None:
    """Record a guess: `guess("no token", 401, choices=[200, 401, 403])`."""
    SESSION.require()
    say(SESSION.guesses.guess(name, choice, choices=choices))


def compare(name: str, result: object, *, because: dict | None = None) -> None:
    """Put the guess of that name beside what the server really said.

    `because` explains wrong guesses: `compare("public", 200, because={401: "Only a protected endpoint asks."})`.
    """
    SESSION.require()
    say(SESSION.guesses.compare(name, result, because=because))


def check() -> None:
    """Check `work/` as `make check` does, on a server of its own. In a tab, also offer the copy to take home."""
    step = SESSION.require()
    if IN_TAB and step.check_elsewhere:
        say(step.check_elsewhere)
    else:
        say_no_clock()
        show_check(step)
    if IN_TAB:
        say(TAKE_IT_HOME)
        keeping.offer(keeping.packed())


@cache
def say_no_clock() -> None:
    """Once, before a check that may never end: nothing can be said after it has begun."""
    if IN_TAB:
        say(NO_CLOCK)


def show_check(step: Step) -> None:
    """Show how the checks came out, and tell the class."""
    checked = check_work(step)
    display(CheckedView(checked))
    if told := tell(checked):
        say(told)


def hint() -> None:
    """Show the next hint, as `make hint` does. It needs no import: `open_step` brings it into the notebook."""
    step = SESSION.require()
    answer = f"The answer: {site_page.place(step.folder / 'README.md')}"
    say(hints.take(step, after=answer if IN_TAB else f"In a terminal, {hints.SOLVE}"))


def edit(line: str, cell: str) -> None:
    """`%%edit client/token_pair.py`: write the cell into that file of `work/` and restart the server.

    A cell that still holds the stub never replaces a file you have changed elsewhere: it takes that version over, so that
    you can go on with it in this notebook.
    """
    step = SESSION.require()
    relative = line.strip()
    path = work.inside(relative)
    before = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    if is_stub(step, relative, cell) and before != cell and before:
        say(
            f"work/{relative} already holds your version. It is in this cell now, in place of the stub: go on with it."
        )
        get_ipython().set_next_input(f"%%edit {relative}\n{before}", replace=True)
        return
    kept = work.write(relative, cell, keep=not is_stub(step, relative, before))
    say(
        f"work/{relative}: "
        + (changed(before, cell) or "no change")
        + (f" (before: {paths.shown(kept)})" if kept else "")
    )
    if before != cell or SESSION.unreadable:
        SESSION.restart()


def say(sentence: str) -> None:
    print(redacted(sentence))
