"""What a test needs of the machine besides Python."""

import os
import secrets
import socket

import pytest

# Linux gives away those from 32,768 on. Each is given once in a process.
PORTS = iter(secrets.SystemRandom().sample(range(20_000, 32_000), 12_000))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what uses a browser: `make test` leaves it out, `make test-browser` runs it. To be imported by a conftest."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")


def need(found, sentence):
    """Skip the test with this sentence where the machine lacks something; on CI, fail with it. Gives what was found."""
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
    return found


def listens(port: int) -> bool:
    """Whether anybody listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port for a server that is started later. No socket that leaves the choice to the system gets it meanwhile."""
    return next(port for port in PORTS if not listens(port))
