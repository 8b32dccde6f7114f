"""What hostile bytes get from stock servers and from ours, as text and as a table."""

import sys

from rich.table import Table

from bench.class_servers import server, stock_gunicorn
from fuzz import raw
from fuzz.judge import fault
from fuzz.parts import PARTS, settings


def measure(stack, urls):
    """Each row with its answer, by server. The servers are on `stack`, their databases are ready."""
    return {name: list(raw.answers(started.url)) for name, started in servers(stack, urls)}


def servers(stack, urls):
    """Name and server, started, of each kind that people use."""
    manage = [sys.executable, "manage.py"]
    runserver = [*manage, "runserver", "--noreload", "127.0.0.1:0"]
    class_server = [*manage, "serve_class", "--bind", "127.0.0.1", "--port", "0"]
    for name in PARTS:
        yield f"{name}, runserver", stack.enter_context(server(runserver, settings(name), urls[name]))
    if sys.platform != "win32":
        yield "stock, gunicorn", stack.enter_context(stock_gunicorn(urls["stock"]))
        yield "ours, class", stack.enter_context(server(class_server, settings("ours"), urls["ours"]))


def table(sent):
    """One line per row of bytes: the status of each server, and whether a refusal is JSON."""
    found = Table("hostile bytes", *sent, title="The same bytes to four servers; 599: no HTTP at all")
    for answers in zip(*sent.values(), strict=True):
        found.add_row(answers[0][0].row, *(shown(answer) for _, answer in answers))
    return found


def shown(answer):
    return f"{answer.status}" if answer.status < 400 or answer.sentence() else f"{answer.status} no JSON"


def summary(sent):
    return "\n".join(
        f"{name}: {len(answers)} rows of bytes, {sum(answer.status >= 500 for _, answer in answers)} answered 5xx or not at all, "
        f"{sum(answer.status >= 400 and not answer.sentence() for _, answer in answers)} refused without JSON"
        for name, answers in sent.items()
    )


def faults(sent):
    ours = [one for name, answers in sent.items() if name.startswith("ours") for one in answers]
    judged = [(hostile.row, fault(answer, hostile)) for hostile, answer in ours]
    return [f"bytes, {row}: {found}" for row, found in judged if found]
