"""Measurements as a table: medians of several runs, and what each is relative to the first column's."""

from statistics import median

from rich.table import Table


def compared(title, kinds, measurements, runs, say=lambda text: None, *, ratios=True):
    """The table. `kinds` are named things to be measured; a measurement takes one and gives named numbers.

    The kinds take turns, so that all meet the same machine. A measurement that some kind has not is a "-" there;
    one with an attribute `runs` is taken so often.
    """
    found = {}
    for measure in measurements:
        times = getattr(measure, "runs", runs)
        for number in range(times):
            for name, kind in kinds.items():
                say(f"{title}: {measure.__name__}, run {number + 1} of {times}, {name}")
                for label, value in measure(kind).items():
                    found.setdefault(label, {}).setdefault(name, []).append(value)
    table = Table("medians", *kinds, title=title)
    for label, values in found.items():
        table.add_row(label, *cells({name: median(values[name]) for name in values}, kinds, ratios))
    return table


def cells(medians, kinds, ratios):
    baseline = ratios and medians.get(next(iter(kinds)))
    for number, name in enumerate(kinds):
        value = medians.get(name)
        ratio = f" ({value / baseline:.2f} x)" if number and baseline and value is not None else ""
        yield "-" if value is None else f"{shown(value)}{ratio}"


def shown(value):
    """A count is shown whole, anything else with three digits."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
