"""The shop's public keys, as the warehouse knows them."""

import logging
import math
import threading
import time

from jwt import PyJWKClient, PyJWKClientError, get_unverified_header

from warehouse.exceptions import ShopUnreachable

logger = logging.getLogger(__name__)


class ShopKeys(PyJWKClient):
    """The keys of the shop's last good response, by `kid`. The shop is asked as seldom as possible."""

    def __init__(self, uri, *, lifespan, cooldown_duration):
        super().__init__(uri, timeout=1)
        self.lifespan, self.cooldown_duration = lifespan, cooldown_duration
        self.known, self.asked_at = {}, -math.inf
        self.lock = threading.Lock()

    def get_signing_key_from_jwt(self, token):
        # The header alone. The inherited method decodes the claims as well, and they are decoded again to be verified.
        return self.get_signing_key(get_unverified_header(token).get("kid"))

    def get_signing_key(self, kid):
        with self.lock:
            age = time.monotonic() - self.asked_at
            if age > self.cooldown_duration and (kid not in self.known or age > self.lifespan):
                self.ask()
        if not self.known:
            raise ShopUnreachable
        if kid not in self.known:
            raise PyJWKClientError("The shop has published no key of that name.")
        return self.known[kid]

    def ask(self):
        """Fetch the keys. Whatever goes wrong, the ones that are known stay in use."""
        self.asked_at = time.monotonic()
        try:
            self.known = {key.key_id: key for key in self.get_signing_keys(refresh=True)}
        except Exception as error:  # what comes may be anything
            logger.warning("The keys of the shop could not be fetched: %s", type(error).__name__)
