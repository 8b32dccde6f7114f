"""Send the corpus to a stock server and to ours, then random requests to ours; print all of it. Exit 1 on a fault."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import postgresql
from bench.servers import SERVER, environment, seed, sqlite
from fuzz import raw_report
from fuzz.parts import PARTS, settings

EXAMPLES = 60  # per endpoint, and per operation, person and mode


def main():
    console = Console(width=120 if not sys.stdout.isatty() else None)
    number = int(os.environ.get("FUZZ_SEED") or random.randrange(10**6))  # noqa: S311
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = {name: sqlite(Path(folder, f"{name}.sqlite3")) for name in PARTS}
        if postgresql.is_here():
            urls["ours, PostgreSQL"] = stack.enter_context(postgresql.cluster())
        with console.status("sending the corpus to each server, about a minute"):
            corpora = {name: run(settings(name), url, "corpus") for name, url in urls.items()}
        with console.status("sending random requests to ours, about a minute"):
            drawn = run(settings("ours"), urls["ours"], "random", str(EXAMPLES), str(number))
        with console.status("sending bytes that are hardly HTTP"):
            sent_raw = raw_report.measure(stack, urls)
    console.print(corpus_table(corpora))
    console.print(raw_report.table(sent_raw))
    console.print(summary(corpora, drawn, number), highlight=False, soft_wrap=True)
    console.print(raw_report.summary(sent_raw), highlight=False, soft_wrap=True)
    faults = found_faults(corpora, drawn) + raw_report.faults(sent_raw)
    console.print(*faults[:40], sep="\n", highlight=False, soft_wrap=True)
    return 1 if faults else 0


def run(settings, url, *what):
    """The lines that a process with these settings prints. Its database is made first."""
    if what[0] == "corpus":
        seed(settings, url)
    command = [sys.executable, "-m", "fuzz.answers", *what]
    answer = subprocess.run(
        command, cwd=SERVER, env=environment(settings, url), stdout=subprocess.PIPE, text=True, check=True
    )
    return [json.loads(line) for line in answer.stdout.splitlines()]


def corpus_table(corpora):
    """One line per hostile row: the statuses of each server, all endpoints together."""
    table = Table("hostile request", "sent", *corpora, title="The corpus, row by row; 599: no answer at all")
    rows = dict.fromkeys(line["row"] for line in corpora["ours"])
    statuses = {name: grouped(lines) for name, lines in corpora.items()}
    for row in sorted(rows, key=lambda row: -failures(statuses["stock"][row])):
        table.add_row(
            row, str(sum(statuses["ours"][row].values())), *(shown(part[row]) for part in statuses.values())
        )
    return table


def grouped(lines):
    """The statuses counted, by row."""
    found = {}
    for line in lines:
        found.setdefault(line["row"], Counter())[line["status"]] += 1
    return found


def failures(statuses):
    return sum(count for status, count in statuses.items() if status >= 500)


def shown(statuses):
    return " ".join(f"{status}x{count}" for status, count in sorted(statuses.items(), reverse=True))


def summary(corpora, drawn, number):
    lines = []
    for name, answers in corpora.items():
        bitten = {line["row"] for line in answers if line["status"] >= 500}
        count = sum(line["status"] >= 500 for line in answers)
        lines.append(
            f"{name}: {len(answers):,} requests of the corpus, {count} answered 5xx (in {len(bitten)} rows)"
        )
    for part in drawn:
        statuses = Counter({int(status): count for status, count in part["statuses"].items()})
        total = sum(statuses.values())
        lines.append(
            f"ours: {total:,} {part['what']} (seed {number}), {failures(statuses)} answered 5xx: {shown(statuses)}"
        )
    return "\n".join(lines)


def found_faults(corpora, drawn):
    """A sentence for everything that our server must not do."""
    pairs = [
        pair
        for name, lines in corpora.items()
        if name != "stock"
        for pair in zip(corpora["stock"], lines, strict=True)
    ]
    found = [(line, line["fault"] or without_code(stock, line)) for stock, line in pairs]
    return [f"{line['where']}, {line['row']}: {fault}" for line, fault in found if fault] + [
        fault for part in drawn for fault in part["faults"]
    ]


def without_code(stock, ours):
    """A sentence where stock fails, and our refusal has no word for programs beside its sentence."""
    needed = stock["status"] >= 500 and ours["status"] >= 400
    return f"{ours['status']} without a code" if needed and not ours["code"] else None


if __name__ == "__main__":
    # As Ctrl-C does: the servers and the database that were started end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
