"""Our settings with every token endpoint, table and check switched on. The hashers stay ours: logins are measured."""

from hardening.settings import *  # noqa: F403
from hardening.settings import INSTALLED_APPS, SIMPLE_JWT
from testkit.hostile.everything import APP, TOKENS

ROOT_URLCONF = "testkit.hostile.urls"
INSTALLED_APPS = [*INSTALLED_APPS, APP]
SIMPLE_JWT = SIMPLE_JWT | TOKENS
