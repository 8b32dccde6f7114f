"""Settings: the same shop without rotation. A refresh token works until it expires, and a refresh writes nothing."""

from bench.rotation.blacklist import *  # noqa: F403
from bench.rotation.blacklist import SIMPLE_JWT

SIMPLE_JWT = SIMPLE_JWT | {"ROTATE_REFRESH_TOKENS": False}
