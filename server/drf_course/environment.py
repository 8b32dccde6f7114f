"""What the environment of this process decides: development or production, and the secret key."""

from pathlib import Path

from hardening.environment import flag, key

__all__ = ["BASE_DIR", "DEBUG", "SECRET_KEY", "key"]

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = flag("DJANGO_DEBUG", default=True)
SECRET_KEY = key("DJANGO_SECRET_KEY", debug=DEBUG, key_file=BASE_DIR / ".development_key")
