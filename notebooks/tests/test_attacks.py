"""The attack list hits a server that is open, and an honest client gets in where it is closed."""

import pytest

from workshop import attacks, paths
from workshop.servers.live_server import LiveServer

# One setting of SIMPLE_JWT each, and what it opens.
OPEN = {
    "LEEWAY": (3600, ["expired access", "expired refresh"]),
    "TOKEN_TYPE_CLAIM": (None, ["wrong type access", "wrong type refresh", "nobody refresh"]),
}


def missed(setting=None):
    """The names of the attacks that came out otherwise than wanted, on the shop with this setting."""
    server = LiveServer(paths.SERVER, access=300, refresh=3600)
    server.tried = {setting: OPEN[setting][0]} if setting else {}
    with server:
        return [attack.name for attack in attacks.launched(server) if attack.got != attack.wanted]


def test_the_shop_withstands_the_whole_list():
    assert missed() == []


@pytest.mark.parametrize("setting", OPEN)
def test_a_setting_that_opens_the_server_is_noticed(setting):
    assert missed(setting) == OPEN[setting][1]
