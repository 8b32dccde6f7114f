"""The commands there are: what each needs installed, and what it does. Standard library only."""

from typing import NamedTuple


class Command(NamedTuple):
    needs: str  # a set of `installation.SETS`, or "nothing"
    does: str


COMMANDS = {
    "demo": Command(
        "core", "Watch the story of a token pair, told by a real server (PAUSE=1 waits for Enter)."
    ),
    "serve": Command("core", "Serve your copy, or the shop as it comes (PORT=8000 ACCESS=10 REFRESH=60)."),
    "class": Command("dev", "Serve a class: accounts, the address, a QR code (STUDENTS=30 PORT=8000)."),
    "join": Command(
        "core", "Tell a class server how your checks come out (CLASS=http://... NAME=student001)."
    ),
    "passed": Command("dev", "Print how far everybody in your class is."),
    "slides": Command("core", "Make slides of the lessons, and a handout to print."),
    "setup": Command("lab", "Install all that the notebooks need, and say how an editor finds it."),
    "ship": Command(
        "core",
        "Start your copy as on the internet: a proxy with TLS, two servers, PostgreSQL (PORT=8443 WEB=2).",
    ),
    "lab": Command("lab", "Open the notebooks in JupyterLab."),
    "start": Command(
        "core", "Make your copy, work/, for a step: make start STEP=01 (FROM=work.zip: bring it from a tab)."
    ),
    "check": Command("core", "Check your copy over HTTP."),
    "watch": Command("core", "Check again whenever you save a file (Ctrl-C ends it)."),
    "hint": Command("core", "Show the next hint of the step; there are three."),
    "solve": Command("core", "Put the step's answer into your copy. Your own version is kept."),
    "reset": Command("core", "Begin the step again. Your own version is kept."),
    "progress": Command("core", "Show the steps and how far you are."),
    "doctor": Command("nothing", "Say what is missing on this machine, and the command that corrects it."),
    "notebooks": Command("dev", "Make the solution notebooks and the diffs in solutions/ again."),
    "site": Command("site", "Build the static site: the Token Lab and the notebooks in a browser's tab."),
    "test": Command("dev", "Run the tests (ARGS='-k name' for a part; VARIANTS=1 for all answers)."),
    "test-browser": Command("dev", "Run the tests that drive a real Chromium (ARGS='-k name')."),
    "fuzz": Command("dev", "Send hostile requests to our server and to a stock one, side by side."),
    "lint": Command("dev", "Check the style of the code, the notebooks included."),
    "bench": Command("dev", "Measure what the README says about speed."),
    "new": Command("core", "Scaffold a new step: make new STEP=13_my_step."),
    "clean": Command("nothing", "Remove what can be made again. Your copy and a class's accounts stay."),
}


def overview() -> str:
    """The help page, as bare `make` prints it."""
    lines = [f"  make {name:<12} {command.does}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "The JWT workshop for Django REST framework. Begin with: make demo",
            "",
            *lines,
            "",
            "Without make (Windows too): cd notebooks, then python -m workshop demo, and so on.",
        ]
    )
