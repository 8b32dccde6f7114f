"""Our settings without the Token Lab's flight recorder."""

from hardening.settings import *  # noqa: F403
from hardening.settings import MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("lab.")]
