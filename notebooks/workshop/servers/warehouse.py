"""The second service of step 11, which holds no secret and verifies the shop's tokens."""

from pathlib import Path

from .live_server import LiveServer


class Warehouse(LiveServer):
    """A server of the tree's warehouse, which fetches the shop's public keys at the address `keys`.

    In seconds: `lifespan` is how long it uses keys that it has fetched, `cooldown` how long it waits before it asks again.
    """

    def __init__(self, tree: Path, keys: str, *, lifespan: float = 300, cooldown: float = 30):
        settings = {
            "DJANGO_SETTINGS_MODULE": "warehouse.settings",
            "SHOP_KEYS_URL": keys,
            "SHOP_KEYS_LIFESPAN": str(lifespan),
            "SHOP_KEYS_COOLDOWN": str(cooldown),
        }
        super().__init__(tree, environment=settings)
