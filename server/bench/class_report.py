"""The class start as tables and as a plot."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from rich.table import Table

from bench.class_servers import GUNICORN, SQLITE, populate, servers
from bench.class_start import KINDS, middle, rate, start_class
from bench.servers import OURS, SERVER, STOCK, environment, sqlite

SIZES = (100, 200)
RATES = {"GET": "protected GET/s", "refresh": "refresh/s"}
PLOT = SERVER.parent / ".workshop" / "bench" / "class_start.svg"


def measure(folder, runs, say):
    """The results of each server and class size, the rates and the memory, the servers taking turns."""
    with ExitStack() as stack:
        running = {name: stack.enter_context(server) for name, server in servers(stack, folder, max(SIZES))}
        results = {(name, size): [] for name in running for size in SIZES}
        rates = {(name, kind): [] for name in running for kind in RATES}
        for number in range(runs):
            for name, server in running.items():
                say(f"class start, run {number + 1} of {runs}: {name}")
                for size in SIZES:
                    results[name, size].append(start_class(server.url, size))
            for kind in [*RATES] * 2:
                # One right after the other, so that all meet the same machine.
                for name, server in running.items():
                    rates[name, kind].append(rate(server, kind))
        memory = {name: server.memory() for name, server in running.items()}
    return results, rates, memory


def start_table(results):
    title = "A class starts: login, 5 GET, refresh, 5 GET each. The median run; milliseconds p50 / p95 / p99"
    table = Table(
        "server", "clients", "runs", "errors", "total s", "logins/s", "requests/s", *KINDS, title=title
    )
    for (name, size), runs in results.items():
        chosen = middle(runs)
        errors = "/".join(str(len(result.errors)) for result in runs)
        speeds = (f"{chosen.logins_per_second():.0f}", f"{chosen.requests_per_second():.0f}")
        table.add_row(
            name,
            str(size),
            str(len(runs)),
            errors,
            f"{chosen.total:.2f}",
            *speeds,
            *(shown(chosen, kind) for kind in KINDS),
        )
    return table


def shown(result, kind):
    found = result.percentiles(kind)
    return " / ".join(f"{value:.0f}" for value in found) if found else "-"


def rate_table(rates, memory):
    columns = [column for label in RATES.values() for column in (label, "CPU ms each")]
    table = Table("server", *columns, "memory MiB", title="Eight clients and one kind of request; medians")
    for name, mebibytes in memory.items():
        found = [cell for kind in RATES for cell in rate_cells(rates[name, kind])]
        table.add_row(name, *found, f"{mebibytes:.0f}" if mebibytes else "-")
    return table


def rate_cells(found):
    cpu = median(one.cpu_milliseconds for one in found)
    return f"{median(one.per_second for one in found):.0f}", f"{cpu:.2f}" if cpu else "-"


def target_table(results, rates):
    """The issue's four targets, each with what was measured."""
    size = max(SIZES)
    ours = [name for name, students in results if students == size and name.startswith("ours")]
    errors = sum(len(run.errors) for name in ours for run in results[name, size])
    faster = total(results, GUNICORN, size) / total(results, SQLITE, size)
    table = Table("target", "wanted", "measured", "met?", title="Targets, as ratios within this run")
    rows = [
        (f"errors of ours at {size} clients", "0", f"{errors}", errors == 0),
        (
            f"class start at {size}, to the lecture's set-up under gunicorn",
            ">= 5 x",
            f"{faster:.1f} x",
            faster >= 5,
        ),
    ]
    for kind, least in (("GET", 2), ("refresh", 1)):
        ratio = speed(rates[SQLITE, kind]) / max(speed(rates[GUNICORN, kind]), 1)
        rows.append((f"{RATES[kind]}, to stock", f">= {least} x", f"{ratio:.2f} x", ratio >= least))
    for name, wanted, measured, met in rows:
        table.add_row(name, wanted, measured, "yes" if met else "no")
    return table


def speed(found):
    return median(one.per_second for one in found)


def total(results, name, size):
    return median(run.total for run in results[name, size])


LAYERS = {
    "bare": "Django: middleware and a bare view",
    "drf": "+ DRF: a view without credentials",
    "verified": "+ JWT verification",
    "looked-up": "+ the user is looked up",
    "orders": "+ the user's orders (none)",
}


def measure_parts(folder):
    """Microseconds of one request up to each layer, with both settings."""
    found = {}
    for name, settings in (("stock", STOCK), ("ours", OURS)):
        url = sqlite(Path(folder, f"parts-{name}.sqlite3"))
        populate(settings, url, 1)
        command = [sys.executable, "-m", "bench.parts"]
        answer = subprocess.run(
            command, cwd=SERVER, env=environment(settings, url), stdout=subprocess.PIPE, text=True, check=True
        )
        found[name] = json.loads(answer.stdout)
    return found


def parts_table(found):
    """What each layer adds."""
    title = "One GET taken apart: microseconds of the processor that each layer adds"
    table = Table("layer", *found, title=title)
    names = list(LAYERS)
    for number, layer in enumerate(names):
        below = names[number - 1] if number else None
        table.add_row(LAYERS[layer], *(f"{part[layer] - part.get(below, 0):.0f}" for part in found.values()))
    table.add_row("together", *(f"{part['orders']:.0f}" for part in found.values()))
    return table


def limit(found):
    """Why a protected GET is not twice as fast as stock, in this run's own figures."""
    part, stock = found["ours"], found["stock"]["orders"]
    queries, rest = part["orders"] - part["verified"], part["verified"]
    return (
        f"The limit of the protected GET: twice stock's rate would leave {stock / 2:.0f} microseconds for a request. "
        f"Django, DRF, the flight recorder and the verification take {rest:.0f}; the user and the orders take "
        f"{queries:.0f}, because Django's ORM builds both queries anew for each request: the user's, sent as ready "
        f"SQL, takes {part['ready SQL']:.0f}. The {stock - part['orders']:.0f} that are saved against stock are the "
        "database connection, which stock opens for each request. The ORM stays: the views and the library's own "
        "authentication class are what learners read here."
    )


def plot(results):
    """Draw how long each class took, and how many of it never got in, into an SVG file; its path."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    PLOT.parent.mkdir(parents=True, exist_ok=True)
    figure, axes = pyplot.subplots(figsize=(9, 3.5), layout="constrained")
    labels = [f"{name}, {size} clients" for name, size in results]
    chosen = [middle(runs) for runs in results.values()]
    bars = axes.barh(labels, [result.total for result in chosen], color="#4477aa")
    notes = [f"{result.total:.1f} s" + refused(result) for result in chosen]
    axes.bar_label(bars, notes, padding=4)
    axes.set(
        xlabel="seconds until the last client was done (or gave up)", title="A class starts", xmargin=0.5
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.invert_yaxis()
    figure.savefig(PLOT)
    pyplot.close(figure)
    return PLOT


def refused(result):
    return f", {len(result.errors)} of {result.students} refused" if result.errors else ""
