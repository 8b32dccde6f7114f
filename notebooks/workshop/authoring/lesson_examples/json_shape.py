"""JSON as a lesson shows it: with placeholders also outside strings, and `...` for the rest of a list."""

import json
import re
from typing import Any

from .memory import PLACEHOLDER, Memory, without_numbers

STRING_OR_BARE = re.compile(rf'"(?:[^"\\]|\\.)*"|{PLACEHOLDER.pattern}|\.\.\.')
BARE = "\0"  # goes before what stood outside a string
REST = f"{BARE}..."


def read(text: str) -> Any:
    """The parsed text; `ValueError` when it is no JSON."""
    return json.loads(STRING_OR_BARE.sub(lambda found: quoted(found[0]), text))


def quoted(part: str) -> str:
    return part if part.startswith('"') else json.dumps(BARE + part)


def pretty(value: Any) -> list[str]:
    """Its lines, for a person to compare."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return without_numbers(re.sub(r'"\\u0000(.*?)"', r"\1", text)).splitlines()


def difference(shown: Any, real: Any, memory: Memory, where: str = "") -> str | None:
    """The first thing that is not as shown, the order of keys included; None when all is."""
    if isinstance(shown, str) and shown.startswith(BARE):
        return bare(shown.removeprefix(BARE), real, memory, where)
    if type(shown) is not type(real):
        return differ(shown, real, where)
    if isinstance(shown, dict):
        return in_object(shown, real, memory, where)
    if isinstance(shown, list):
        return in_list(shown, real, memory, where)
    if isinstance(shown, str):
        why = memory.compare(shown, real)
        return why and differ(shown, real, where, "" if why == "they differ" else f" ({why})")
    return None if shown == real else differ(shown, real, where)


def in_object(shown: dict[str, Any], real: dict[str, Any], memory: Memory, where: str) -> str | None:
    if list(shown) != list(real):
        keys, wanted = ", ".join(real), ", ".join(shown)
        return f"{where or 'the body'} has the keys {keys or '(none)'}, the lesson shows {wanted or '(none)'}"
    inside = (difference(shown[key], real[key], memory, f"{where}.{key}".lstrip(".")) for key in shown)
    return next(filter(None, inside), None)


def in_list(shown: list[Any], real: list[Any], memory: Memory, where: str) -> str | None:
    cut = shown[-1:] == [REST]
    wanted = shown[:-1] if cut else shown
    if len(real) < len(wanted) or (len(real) > len(wanted) and not cut):
        return f"{where or 'the body'} has {len(real)} entries, the lesson shows {len(wanted)}"
    pairs = enumerate(zip(wanted, real, strict=False))
    inside = (difference(one, other, memory, f"{where}[{number}]") for number, (one, other) in pairs)
    return next(filter(None, inside), None)


def bare(shown: str, real: Any, memory: Memory, where: str) -> str | None:
    """A placeholder outside a string stands for a number."""
    number = isinstance(real, int | float) and not isinstance(real, bool)
    return None if number and not memory.compare(shown, json.dumps(real)) else differ(shown, real, where)


def differ(shown: Any, real: Any, where: str, why: str = "") -> str:
    sent, wanted = (without_numbers(json.dumps(value, ensure_ascii=False)) for value in (real, shown))
    return f"{where or 'the body'} is {sent}, the lesson shows {wanted}{why}"
