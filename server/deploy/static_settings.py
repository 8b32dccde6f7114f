"""What collects the styles and scripts: once under their own names, and once under names with a hash in them."""

import os

from hardening.settings import *

STATIC_ROOT = os.environ["DJANGO_STATIC_ROOT"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
