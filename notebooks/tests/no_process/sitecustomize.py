"""Python reads this when it starts: the program of every process that this one starts is noted in the file NO_PROCESS names."""

import os
import sys

# Where in its arguments each event has the program: docs.python.org/3/library/audit_events.html
STARTS = {"subprocess.Popen": 0, "os.posix_spawn": 0, "os.exec": 0, "os.system": 0}
FORKS = ("os.fork", "os.forkpty")


def note(event, arguments):
    if event in STARTS or event in FORKS:
        program = arguments[STARTS[event]] if event in STARTS else event
        with open(os.environ["NO_PROCESS"], "a", encoding="utf-8") as file:  # noqa: PTH123 - no import while Python starts
            file.write(f"{program}\n")


sys.addaudithook(note)
