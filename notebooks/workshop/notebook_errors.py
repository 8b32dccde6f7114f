"""Sentences in place of the three errors that cells out of order and a server that fails give in a notebook."""

from collections.abc import Callable

import requests
from IPython import get_ipython
from IPython.core.magic import register_cell_magic

from . import paths
from .learner import keeping, site_page
from .learner.edits import where_to_correct
from .learner.simple_jwt_file import FILE as SETTINGS
from .learner.simple_jwt_file import fault
from .notebook_session import SESSION
from .servers.transport import IN_TAB

# In a tab, the errors of a cell that needs more than a tab has.
LACKING = (RuntimeError, OSError, ModuleNotFoundError) if IN_TAB else ()

THREADS = "neither threads nor processes"
NOT_IN_A_TAB = {  # by words of the error
    "start new thread": THREADS,
    "support processes": THREADS,
    "No module named 'cryptography'": "no OpenSSL, and so no key pairs",
}


def install_helpers(edit: Callable[[str, str], None], hint: Callable[[], None]) -> None:
    """Teach this kernel `%%edit`, `hint()` and the sentences."""
    shell = get_ipython()
    if shell is None:
        return
    if edit.__name__ not in shell.magics_manager.magics["cell"]:
        keeping.follow(shell)
    register_cell_magic(edit)
    # A notebook that is run from top to bottom asks for no hint, so it imports none.
    shell.user_ns.setdefault("hint", hint)
    shell.set_custom_exc((NameError, requests.ConnectionError, requests.JSONDecodeError, *LACKING), explain)


def explain(shell, kind, error, traceback, tb_offset=None):
    """Say what an out-of-order cell lacks, or why there is no JSON; the error itself stays one line."""
    if lacking(error):
        sentence = lacking(error)
    elif isinstance(error, NameError):
        sentence = about_a_name(error.name, shell.user_ns["In"][-1])
    elif isinstance(error, ValueError):
        sentence = f"This response is not JSON. {about_the_settings()}"
    elif not isinstance(error, requests.ConnectionError):
        return shell.showtraceback((kind, error, traceback), tb_offset)
    elif SESSION.unreadable:
        sentence = f"The server is not running. {where_to_correct(SESSION.unreadable, SESSION.step)}"
    else:
        sentence = "No server answers there. Run the first code cell again: it starts one."
    print(f"{kind.__name__}: {sentence}")
    return []


def lacking(error: BaseException) -> str:
    """What to do about a cell that needs what a tab has not; nothing for any other error."""
    has_not = next((what for words, what in NOT_IN_A_TAB.items() if words in str(error)), None)
    if has_not is None:
        return ""
    return (
        f"A browser's tab has {has_not}, so this cell runs only on a machine of your own. "
        f"What it shows there: {site_page.solved(SESSION.opened())}"
    )


def about_a_name(name: str, cell: str) -> str:
    """A name in place of a guess lacks its quotes; any other comes from a cell that was not run."""
    if cell.lstrip().startswith("guess("):
        return f'`{name}` without quotes is the name of a variable. A guess in words needs quotes: "{name}"'
    return (
        f"`{name}` does not exist yet. Run the cells above this one first: Run > Run All Above Selected Cell."
    )


def about_the_settings() -> str:
    """The mistake in `simple_jwt.py` that makes the server fail, and the cell that corrects it."""
    mistake = fault(paths.WORK)
    if not mistake:
        return "Print response.status_code and response.text[:300]."
    return f"{mistake} {where_to_correct(SETTINGS, SESSION.step)}" if SESSION.step else mistake
