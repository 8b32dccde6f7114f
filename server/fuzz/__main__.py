"""Send the corpus to a stock server and to ours, then random requests to ours; print all of it. Exit 1 on a fault."""

import json
import os
import random
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from fuzz import tables
from testkit import databases, postgresql, servers
from testkit.hostile import raw
from testkit.hostile.judge import fault

EXAMPLES = 60  # per endpoint, and per operation, person and mode
SETTINGS = {"stock": "testkit.hostile.stock", "ours": "testkit.hostile.ours"}


def main():
    console = Console(width=120 if not sys.stdout.isatty() else None)
    number = int(os.environ.get("FUZZ_SEED") or random.randrange(10**6))  # noqa: S311
    with ExitStack() as stack:
        urls = made_databases(stack)
        with console.status("sending the corpus to each server, about a minute"):
            corpora = {name: sent(name, url, "corpus") for name, url in urls.items()}
        with console.status("sending random requests to ours, about a minute"):
            drawn = sent("ours", urls["ours"], "random", str(EXAMPLES), str(number))
        with console.status("sending bytes that are hardly HTTP"):
            raws = sent_raw(urls)
    console.print(tables.corpus(corpora), tables.raw(raws))
    console.print(tables.summary(corpora, drawn, raws, number), highlight=False, soft_wrap=True)
    console.print(tables.cost(corpora["ours"]))
    faults = found_faults(corpora, drawn, raws) + too_dear(corpora["ours"])
    console.print(*faults[:40], sep="\n", highlight=False, soft_wrap=True)
    return 1 if faults else 0


def made_databases(stack):
    """The address of a seeded database for each server; a name begins with the part whose settings it has."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    urls = {name: databases.sqlite(folder / f"{name}.sqlite3") for name in SETTINGS}
    if postgresql.is_here():
        urls["ours, PostgreSQL"] = stack.enter_context(postgresql.cluster())
    for name, url in urls.items():
        databases.seed(url, settings(name))
    return urls


def settings(name):
    return SETTINGS[name.partition(",")[0]]


def sent(name, url, *what):
    """What a server in a process of its own, with these settings, answered: a line for each request."""
    variables = {"DJANGO_SETTINGS_MODULE": settings(name), "DATABASE_URL": url}
    done = servers.run(["-m", "testkit.hostile.answers", *what], timeout=None, **variables)
    if done.returncode:
        sys.exit(f"The requests to {name} were not sent:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def sent_raw(urls):
    """The rows of raw bytes, each with its response, by server: the kinds that people use."""
    kinds = {name: servers.runserver(SETTINGS[name], urls[name]) for name in SETTINGS}
    if sys.platform != "win32":
        kinds["stock, gunicorn"] = servers.stock_gunicorn(urls["stock"], settings=SETTINGS["stock"])
        kinds["ours, class"] = servers.class_server(urls["ours"], settings=SETTINGS["ours"])
    found = {}
    for name, kind in kinds.items():
        with kind as server:
            found[name] = list(raw.responses(server.url))
    return found


def found_faults(corpora, drawn, raws):
    """A sentence for everything that our server must not do."""
    faults = [f"{name}: {line}" for name in corpora if name != "stock" for line in judged(corpora, name)]
    faults += [fault for part in drawn for fault in part["faults"]]
    for name in raws:
        if name != "stock" and not name.startswith("stock,"):
            faults += [
                f"{name}, bytes, {row.row}: {said}"
                for row, response in raws[name]
                if (said := fault(response, row))
            ]
    return faults


def judged(corpora, name):
    """The faults of one server; also where stock fails, and our refusal has no word for programs beside its sentence."""
    for stock, ours in zip(corpora["stock"], corpora[name], strict=True):
        without_code = stock["status"] >= 500 and ours["status"] >= 400 and not ours["code"]
        found = ours["fault"] or (f"{ours['status']} without a code" if without_code else None)
        if found:
            yield f"{ours['where']}, {ours['row']}: {found}"


def too_dear(lines):
    """A sentence for each request of a stranger that costs the processor more than it may."""
    limit = tables.LIMIT * tables.login_cost(lines)
    return [
        f"{line['where']}, {line['row']}: {line['seconds'] * 1000:.0f} ms of the processor, {limit * 1000:.0f} allowed"
        for line in tables.dearest(lines)
        if line["seconds"] > limit
    ]


if __name__ == "__main__":
    # As Ctrl-C does: the servers and the database that were started end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
