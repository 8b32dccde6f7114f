"""The app token_families, put together from step 08 beside the stock shop."""

import shutil

from testkit.servers import SERVER

STEP = SERVER.parent / "solutions" / "08_reuse_detection"


def lift(folder):
    """The environment variables with which a process of the server finds the app, which lies in this folder then."""
    for layer in ("given", "answer"):
        shutil.copytree(STEP / layer / "token_families", folder / "token_families", dirs_exist_ok=True)
    return {"PYTHONPATH": str(folder)}
