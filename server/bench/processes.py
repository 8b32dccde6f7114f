"""What a server takes of the machine, as Linux counts it. Elsewhere each figure is None."""

import os
from pathlib import Path


def mebibytes(pid):
    """The memory of a process and its children; what they share is counted once in all."""
    try:
        return sum(map(share, family(pid))) / 1024
    except OSError:
        return None


def cpu_seconds(pid):
    """The processor's time that a process and its children have used so far."""
    try:
        return sum(map(ticks, family(pid))) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return None


def share(pid):
    """Kibibytes: all of its own memory, and its part of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def ticks(pid):
    # The second field, the program's name in brackets, may itself hold blanks and brackets.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def family(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]
