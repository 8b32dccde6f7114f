"""Print every measurement. Nothing is asserted: a slow machine is no failure. RUNS=1 makes it short."""

import os
import platform
import signal
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import class_report, measurements
from bench.servers import DEFAULT_HASHER, OURS, STOCK, seed, sqlite

RUNS = 3  # of each class start; what is shown is the median
PACKAGES = ("Django", "djangorestframework", "djangorestframework-simplejwt", "argon2-cffi", "gunicorn")


def main():
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(machine(), highlight=False)
    runs = int(os.environ.get("RUNS") or RUNS)
    with tempfile.TemporaryDirectory() as name, console.status("measuring, about ten minutes") as status:
        folder = Path(name)
        console.print(small_table(folder))
        results, rates, memory = class_report.measure(folder, runs, status.update)
        console.print(class_report.start_table(results))
        console.print(class_report.rate_table(rates, memory))
        parts = class_report.measure_parts(folder)
        console.print(class_report.parts_table(parts))
        console.print(class_report.target_table(results, rates))
        console.print(class_report.limit(parts), highlight=False)
    console.print(
        f"Medians of {runs} runs. Plot: {class_report.plot(results)}", highlight=False, soft_wrap=True
    )


def small_table(folder):
    """What one client and a small class meet at runserver, stock and ours."""
    templates = {name: folder / f"{name}.sqlite3" for name in (OURS, STOCK, DEFAULT_HASHER)}
    for name, file in templates.items():
        seed(name, sqlite(file))
    table = Table("measurement", "baseline", "ours", "ratio", "target", "met?", title="runserver")
    for row in rows(templates):
        table.add_row(*row)
    return table


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
    wrong, unknown = measurements.refused_logins(templates)
    yield row(
        "refused login, ms: wrong password / unknown user",
        wrong,
        unknown,
        "0.9-1.1 x",
        0.9 * wrong <= unknown <= 1.1 * wrong,
    )
    stock, ours = measurements.start_to_first_answer(templates)
    yield row("start to first answer, s", stock, ours, "<= 1.3 x", ours <= 1.3 * stock)
    added = measurements.recorded_request(templates)
    yield row("flight recorder, ms a request", 0, added, "<= 1 ms", added <= 1)


def row(name, baseline, ours, target, met):
    ratio = f"{ours / baseline:.2f}" if baseline else "-"
    return name, f"{baseline:.3g}", f"{ours:.3g}", ratio, target, "yes" if met else "no"


if __name__ == "__main__":
    # As Ctrl-C does: the servers and the database that were started end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
