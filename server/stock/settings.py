"""The settings of the plain project, with what running it takes: a database of the caller's, and commands of our own."""

import dj_database_url
from mysite.settings import *
from mysite.settings import INSTALLED_APPS

# First: of two apps with a command of the same name, the first one wins, and ours has runserver.
INSTALLED_APPS = ["stock", *INSTALLED_APPS]
DATABASES = {"default": dj_database_url.config()}

# As Django's documentation advises for tests: the only accounts are demo ones, in a database that soon goes away.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
