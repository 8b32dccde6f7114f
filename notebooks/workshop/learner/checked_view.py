"""How the checks came out, as a notebook shows it: a table with links, and the same as text."""

import html
import os
from pathlib import Path

from .. import paths
from ..display.drawing import STORED
from ..servers.transport import IN_TAB
from . import site_page
from .check_work import Checked
from .next_steps import Lead, leads


class CheckedView:
    """Shows every check, the message of the first that failed, and what to do next."""

    def __init__(self, checked: Checked):
        self.checked = checked
        advice = (
            [] if checked.passed else [Lead("Change your file in the %%edit cell, then run check() again.")]
        )
        self.leads = advice + leads(checked.step, passed=checked.passed, hint="hint()")

    def __repr__(self) -> str:
        rows = [
            f"  {mark} {state:<12} {title}" + "".join(f"\n      {line}" for line in message.splitlines())
            for mark, state, title, message in self.checked.rows()
        ]
        next_ones = [
            f"{lead.says}: {paths.shown(lead.file)}" if lead.file else lead.says for lead in self.leads
        ]
        return "\n".join([*rows, "", self.checked.headline, *next_ones])

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        """The links lead from this notebook's folder, so a stored notebook keeps the text alone."""
        return {"text/plain": repr(self), STORED: repr(self), "text/html": self.table()}

    def table(self) -> str:
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{mark} {state}</th>'
            f'<td style="text-align:left">{html.escape(title)}'
            f"{f'<br><small>{html.escape(message)}</small>' if message else ''}</td></tr>"
            for mark, state, title, message in self.checked.rows()
        )
        headline = f"<p><strong>{html.escape(self.checked.headline)}</strong></p>"
        return f"<table><tbody>{rows}</tbody></table>{headline}" + "".join(map(as_paragraph, self.leads))


def as_paragraph(lead: Lead) -> str:
    says = html.escape(lead.says)
    return f'<p><a href="{html.escape(link(lead.file))}">{says}</a></p>' if lead.file else f"<p>{says}</p>"


def link(file: Path) -> str:
    """The file as seen from the notebook, whose folder is the kernel's; another notebook lies beside it.

    In a browser's tab it is the page of the site, if the file is no notebook to run.
    """
    if file.suffix == ".ipynb":
        return file.name
    if IN_TAB:
        return site_page.address(file)
    return Path(os.path.relpath(file)).as_posix()
