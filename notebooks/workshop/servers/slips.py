"""The slips of a class: a page to print and cut, with a name, a password and a QR code for each student."""

import os
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import segno

TEACHER = "admin"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Slips</title><style>
body {{ font: 14px system-ui, sans-serif; margin: 1cm; display: grid; grid-template-columns: repeat(2, 1fr); }}
article {{ border: 1px dashed #888; padding: .4cm; display: flex; gap: .4cm; align-items: center; break-inside: avoid; }}
svg {{ width: 2.8cm; height: 2.8cm; flex: none; }}
p {{ margin: 0 0 .15cm; overflow-wrap: anywhere; }} b {{ font: bold 18px ui-monospace, monospace; }}
</style></head><body>
{slips}
</body></html>
"""
SLIP = """<article>{code}<div><p>{address}</p><p>Name · 이름<br><b>{name}</b></p>\
<p>Password · 비밀번호<br><b>{password}</b></p></div></article>"""


def write(file: Path, passwords: dict[str, str], address: str) -> None:
    """Write the page so that only its owner can read it; a reader never sees half of one."""
    students = [(name, password) for name, password in sorted(passwords.items()) if name != TEACHER]
    text = PAGE.format(slips="\n".join(slip(name, password, address) for name, password in students))
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with open(unfinished, "x", encoding="utf-8", opener=owner_only) as new:
        new.write(text)
    unfinished.replace(file)


def slip(name: str, password: str, address: str) -> str:
    """One student's slip. Its code opens the page with the name filled in, and never with the password."""
    code = segno.make(f"{address}?{urlencode({'name': name})}", micro=False).svg_inline(omitsize=True)
    return SLIP.format(code=code, address=escape(address), name=escape(name), password=escape(password))


def owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
