"""Print every measurement as one table. Nothing is asserted: a slow machine is no failure."""

import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import measurements
from bench.servers import OURS, STOCK, seed, sqlite

PACKAGES = ("Django", "djangorestframework", "djangorestframework-simplejwt", "argon2-cffi")


def main():
    console = Console()
    console.print(machine(), highlight=False)
    table = Table("measurement", "baseline", "ours", "ratio", "target", "met?")
    with tempfile.TemporaryDirectory() as folder:
        templates = {name: Path(folder, f"{name}.sqlite3") for name in (OURS, STOCK)}
        for name, file in templates.items():
            seed(name, sqlite(file))
        with console.status("measuring, about a minute"):
            for row in rows(templates):
                table.add_row(*row)
    console.print(table)


def machine():
    """The machine and the versions in one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    hardware = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{hardware}, Python {platform.python_version()}, {packages}"


def rows(templates):
    """The rows as text: baseline and ours in their unit, ours / baseline, and whether the target is met."""
    stock, ours = measurements.kept_alive(templates)
    yield row("GET, kept connection, median ms", stock, ours, "<= 5 ms", ours <= 5)
    for students, rounds in ((30, 2), (60, 2)):
        stock, ours = measurements.connection_errors(templates, students, rounds)
        yield row(f"connection errors, {rounds} x {students} logins at once", stock, ours, "0", ours == 0)
    default, ours = measurements.logins_per_second(templates)
    yield row("logins per second", default, ours, ">= 5 x", ours >= 5 * default)
    stock, ours = measurements.start_to_first_answer(templates)
    yield row("start to first answer, s", stock, ours, "<= 1.3 x", ours <= 1.3 * stock)


def row(name, baseline, ours, target, met):
    ratio = f"{ours / baseline:.2f}" if baseline else "-"
    return name, f"{baseline:.3g}", f"{ours:.3g}", ratio, target, "yes" if met else "no"


if __name__ == "__main__":
    main()
