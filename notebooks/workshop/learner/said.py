"""What code said where people and logs can read it: a token or a password must not be there."""

import logging
import uuid
from pathlib import Path

import pytest
import requests

from ..servers.live_server import LiveServer


class Said:
    """What was printed and logged in one check. Look for secrets with `expect.leaked`."""

    def __init__(
        self,
        tree: Path,
        capture: pytest.CaptureFixture,
        log: pytest.LogCaptureFixture,
        warned: pytest.WarningsRecorder,
    ):
        self.tree, self.capture, self.log, self.warned = tree, capture, log, warned
        self.printed = ""

    def by_code(self) -> str:
        """What the learner's own code printed, on any stream, logged, at any level, or warned of, in this process."""
        self.printed += "".join(self.capture.readouterr())
        logged = (record.getMessage() for record in self.log.records if self.own(record))
        return "\n".join([self.printed, *logged, *(str(warning.message) for warning in self.warned)])

    def own(self, record: logging.LogRecord) -> bool:
        return Path(record.pathname).is_relative_to(self.tree)

    def by_server(self, server: LiveServer) -> str:
        """The server's log up to now: it has the line of a request that is sent here, so none before is missing."""
        # As the number of a product: of any other text the log shows only "…".
        mark = str(uuid.uuid4().int % 10**18)
        requests.get(f"{server.url}/products/{mark}/", timeout=5)
        return server.log_with(mark)
