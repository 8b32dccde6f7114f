"""The styles and scripts of the pages, collected once for all rehearsals."""

import tempfile
from pathlib import Path

from deploy.rehearsal import TEMPLATES, fingerprint, put, run_in
from testkit.servers import SERVER


def collected():
    """The folder of the collected styles and scripts, collected when they are missing: they depend on the packages alone."""
    lock = fingerprint(SERVER / "lab" / "assets")
    made = TEMPLATES / f"static-{lock}"
    if not made.exists():
        TEMPLATES.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=TEMPLATES, prefix="static-making-"))
        variables = {"DJANGO_SETTINGS_MODULE": "deploy.static_settings", "DJANGO_STATIC_ROOT": str(half)}
        run_in(SERVER, ["manage.py", "collectstatic", "--no-input"], **variables)
        half.chmod(0o755)
        put(half, made)
    return made
