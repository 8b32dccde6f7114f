"""What a check may need of the place where it runs, without asking which place that is."""

import pytest

from .transport import lacking


def needs(what: str) -> None:
    """Go on where this is to be had. Elsewhere the rest of the check is left out, and a sentence says why."""
    if sentence := lacking(what):
        pytest.skip(sentence)
