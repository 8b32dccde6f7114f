"""`make class`: the shop for everybody in the room, with an account for each."""

import csv
import io
import os
import socket
import sys
from urllib.parse import quote, urlencode

import segno

from .. import paths
from ..errors import WorkshopError
from . import manage, slips, template
from .serving import refuse_taken, until_interrupted

SHEET = paths.CLASS / "students.csv"
SLIPS = paths.CLASS / "slips.html"
DATABASE = paths.CLASS / "db.sqlite3"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - the room must reach it
# Readers do not wait for a writer, and a write waits for no disk: a class's server may forget a second when the power fails.
FAST_SQLITE = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}


def serve_class(*, students: int, port: int, bind: str) -> int:
    """Make the accounts and their slips, show the address, and serve until Ctrl-C. Gives the server's exit code.

    No password is printed: what the terminal shows, a projector may show.
    """
    refuse_taken(port, "class")
    paths.CLASS.mkdir(mode=0o700, parents=True, exist_ok=True)
    host = lan_address() if bind == EVERYWHERE else bind
    environment = class_environment(host, port)
    prepare_database(environment)
    manage.run_command(paths.SERVER, ["create_students", str(students), "--sheet", str(SHEET)], environment)
    address = f"http://{host}:{port}/"
    slips.write(SLIPS, read_sheet(), address)
    print(invitation(address), flush=True)
    return run_server(environment, bind, port)


def class_environment(host: str, port: int) -> dict[str, str]:
    """The variables of the class's processes: our own SQLite file, unless DATABASE_URL names another database.

    DEBUG is off, so that no fault shows a page with settings to the room. The Token Lab has a switch of its own.
    """
    file = f"sqlite:///{quote(DATABASE.as_posix())}?{urlencode(FAST_SQLITE, quote_via=quote)}"
    names = [host, "localhost", "127.0.0.1", socket.gethostname()]
    ours = {
        "DATABASE_URL": os.environ.get("DATABASE_URL", file),
        "DJANGO_ALLOWED_HOSTS": ",".join(names),
        "DJANGO_DEBUG": "0",
        "TOKEN_LAB": "1",
        "TOKEN_LAB_ADDRESS": f"http://{host}:{port}/",
    }
    return os.environ | ours | {"PYTHONUTF8": "1"}


def prepare_database(environment: dict[str, str]) -> None:
    """A database with the shop in it. One that is there keeps what the class did in it."""
    if "DATABASE_URL" not in os.environ and not DATABASE.exists():
        template.copy_to(DATABASE, paths.SERVER)
        return
    # First: with a production key this refuses to run, and no demo account gets into a production database.
    manage.run_command(paths.SERVER, ["migrate", "--verbosity", "0"], environment)
    manage.run_command(paths.SERVER, ["populate_db"], environment | {"DJANGO_DEBUG": "1"})


def results() -> str:
    """How far everybody is, as a table. Read from the class's own database: no address of the server tells it."""
    if "DATABASE_URL" not in os.environ and not DATABASE.exists():
        raise WorkshopError(
            "There is no class yet. `make class` makes one, and students join it with `make join`."
        )
    return manage.run_command(paths.SERVER, ["step_results"], class_environment("127.0.0.1", 0))


def lan_address() -> str:
    """This machine's address in the local network, or 127.0.0.1 without one. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket only chooses a way out. The address belongs to nobody: it is for documents.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


def read_sheet() -> dict[str, str]:
    """The passwords by name."""
    with SHEET.open(newline="", encoding="utf-8") as file:
        return {row["username"]: row["password"] for row in csv.DictReader(file)}


def invitation(address: str) -> str:
    """The address, where the passwords are, and the QR code where the terminal can show one."""
    text = (
        f"\nThe class opens  {address}\n"
        f"Passwords to print and cut: {paths.shown(SLIPS)}\n"
        f"The same as a table, with the password of admin: {paths.shown(SHEET)}\n"
        "Only you can read these two files, and git ignores them.\n"
        "On the projector, open the Token Lab with ?room at the end of the address. Ctrl-C ends the class.\n"
    )
    code = qr_code(address)
    return f"{text}\n{code}" if can_show(code) else text


def qr_code(address: str) -> str:
    """Dark on light by colour commands, so that it can be read on a dark terminal, too."""
    drawn = io.StringIO()
    segno.make(address, micro=False).terminal(out=drawn, compact=True)
    return drawn.getvalue()


def can_show(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def run_server(environment: dict[str, str], bind: str, port: int) -> int:
    """Serve until Ctrl-C, or until this process is gone: the server ends when the pipe to it does."""
    options = ["--bind", bind, "--port", str(port), "--stop-with-parent"]
    command = [sys.executable, str(manage.manage_py(paths.SERVER)), "serve_class", *options]
    # A session of its own: a terminal that closes would tell gunicorn to start its workers anew.
    alone = {"start_new_session": True} if os.name != "nt" else {}
    farewell = "Stopped. The accounts stay for the next time, in .workshop/class/."
    return until_interrupted(command, paths.SERVER, environment, farewell=farewell, **alone)
