"""The plain project of step 01: Django, Django REST framework and simplejwt, with nothing of the shop's in between."""

from pathlib import Path

from .. import paths
from . import template
from .live_server import LiveServer


class OwnProject(LiveServer):
    """A server of the project in the tree's `own_project/`. Its users are ada and grace, with the password test.

    Its environment has this key; without one, the settings of the project make it.
    """

    def __init__(self, tree: Path, *, key: str = ""):
        given = {"DJANGO_SECRET_KEY": key} if key else {}
        super().__init__(
            tree / paths.OWN_PROJECT, environment={"DJANGO_SETTINGS_MODULE": "stock.settings"} | given
        )

    def _template(self, destination: Path) -> None:
        template.copy_to(destination, self.tree, **self.environment)
