"""What the environment of this process decides: development or production, the secret key and the database."""

from pathlib import Path

from hardening.environment import database, flag, key

__all__ = ["BASE_DIR", "DEBUG", "SECRET_KEY", "database", "key"]

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = flag("DJANGO_DEBUG", default=True)
SECRET_KEY = key("DJANGO_SECRET_KEY", debug=DEBUG, key_file=BASE_DIR / ".development_key")
