"""What was found, as tables and sentences."""

from collections import Counter

from rich.table import Table

LIMIT = 5  # times a login: what one request of a stranger may cost the processor
SHOWN = 12
LOGIN = "an honest login"


def corpus(corpora):
    """One line per hostile row: the statuses of each server, all endpoints together."""
    table = Table(
        "hostile request", "sent", *corpora, title="The corpus, row by row; 599: no response at all"
    )
    counted = {name: grouped(lines) for name, lines in corpora.items()}
    for row in sorted(counted["ours"], key=lambda row: -failures(counted["stock"][row])):
        sent = sum(counted["ours"][row].values())
        table.add_row(row, str(sent), *(shown(statuses[row]) for statuses in counted.values()))
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


def raw(raws):
    """One line per row of bytes: the status of each server, and whether a refusal is JSON."""
    table = Table("hostile bytes", *raws, title="The same bytes to each server; 599: no HTTP at all")
    for responses in zip(*raws.values(), strict=True):
        table.add_row(responses[0][0].row, *(status(response) for _, response in responses))
    return table


def status(response):
    return f"{response.status}{' no JSON' if response.status >= 400 and not response.sentence() else ''}"


def summary(corpora, drawn, raws, number):
    lines = []
    for name, sent in corpora.items():
        failed = {line["row"] for line in sent if line["status"] >= 500}
        count = sum(line["status"] >= 500 for line in sent)
        accepted = sum(line["accepted"] for line in sent)
        lines.append(
            f"{name}: {len(sent):,} requests of the corpus, {count} answered 5xx (in {len(failed)} rows), "
            f"{accepted} hostile tokens accepted"
        )
    for part in drawn:
        statuses = Counter({int(status): count for status, count in part["statuses"].items()})
        lines.append(
            f"ours: {sum(statuses.values()):,} {part['what']} (seed {number}), "
            f"{failures(statuses)} answered 5xx: {shown(statuses)}"
        )
    for name, sent in raws.items():
        failed = sum(response.status >= 500 for _, response in sent)
        plain = sum(status(response).endswith("no JSON") for _, response in sent)
        lines.append(
            f"{name}: {len(sent)} rows of bytes, {failed} answered 5xx or not at all, {plain} refused without JSON"
        )
    return "\n".join(lines)


def cost(lines):
    """What the dearest requests of a stranger cost, beside an honest login."""
    login = login_cost(lines)
    title = (
        f"The processor's time of a stranger's dearest requests to ours; a login takes {login * 1000:.1f} ms"
    )
    table = Table("hostile request", "to", "bytes", "ms", "logins", title=title)
    for line in dearest(lines)[:SHOWN]:
        milliseconds, times = f"{line['seconds'] * 1000:.0f}", f"{line['seconds'] / login:.1f}"
        table.add_row(line["row"], line["where"], f"{line['bytes']:,}", milliseconds, times)
    return table


def login_cost(lines):
    return min(line["seconds"] for line in lines if line["row"] == LOGIN)


def dearest(lines):
    """The requests without credentials, the dearest first."""
    return sorted((line for line in lines if line["anybody"]), key=lambda line: -line["seconds"])
