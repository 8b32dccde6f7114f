"""How much memory a server takes."""

from pathlib import Path


def mebibytes(pid):
    """The memory of a process and of its children, each shared page counted in shares; None where it cannot be read."""
    try:
        return sum(map(share, family(pid))) / 1024
    except OSError:
        return None


def share(pid):
    """Kibibytes, as Linux gives them: its part of what it shares, and all of the rest."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def family(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]
