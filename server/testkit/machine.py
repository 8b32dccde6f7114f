"""What a test needs of the machine besides Python."""

import os

import pytest


def need(found, sentence):
    """Skip the test with this sentence where the machine lacks something; on CI, fail with it. Gives what was found."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
    return found
