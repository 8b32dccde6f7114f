"""`python -m workshop COMMAND`: the same commands as make, on every system.

Standard library only. It sets up what the command needs, then hands over to the Python of `.venv`.
"""

import os
import re
import sys

if sys.version_info < (3, 11):  # noqa: UP036  (an older Python must still be able to say so)
    sys.exit(
        "The workshop needs Python 3.11 or newer, and this is Python {}.{}. "
        "Install a newer one, then name it: make demo PYTHON=python3.11".format(*sys.version_info[:2])
    )

from pathlib import Path

if not __package__:  # started as `python notebooks/workshop`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from workshop.commands import COMMANDS, overview
from workshop.setup import doctor, housekeeping, installation
from workshop.setup.become import become

WITHOUT_SETUP = {"doctor": doctor.main, "clean": housekeeping.clean}


VARIABLE = re.compile(r"([A-Z][A-Z_]*)=(.*)", re.DOTALL)


def main() -> None:
    take_variables()
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    if not command:
        print(overview())
    elif command in WITHOUT_SETUP:
        sys.exit(WITHOUT_SETUP[command]())
    else:
        set_up(COMMANDS[command].needs if command in COMMANDS else "core")
        run_or_hand_over()


def take_variables() -> None:
    """Put `NAME=value` arguments into the environment, as make does with them."""
    os.environ.update(found.groups() for found in map(VARIABLE.fullmatch, sys.argv[1:]) if found)
    sys.argv[1:] = [word for word in sys.argv[1:] if not VARIABLE.fullmatch(word)]


def set_up(needs: str) -> None:
    try:
        installation.ensure(needs)
    except installation.SetupError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"{error.filename or installation.VENV} cannot be written: {error.strerror}. "
            "The workshop keeps its packages inside the clone: clone into a folder of your own."
        )


def run_or_hand_over() -> None:
    """Run the command here, where this is the Python of `.venv`; else become that Python."""
    if Path(sys.prefix).resolve() != installation.VENV.resolve():
        become([str(installation.PYTHON), "-m", "workshop", *sys.argv[1:]], folder=Path.cwd())
    from workshop.cli import cli

    cli(prog_name="python -m workshop")


if __name__ == "__main__":
    main()
