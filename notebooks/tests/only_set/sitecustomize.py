"""Read by every Python that has this folder on its path: the modules listed in a file cannot be imported."""

import os
import sys
from pathlib import Path


class Refuser:
    """Raises for a module of the list, in place of finding it."""

    refused = frozenset(Path(os.environ["ONLY_SET_REFUSES"]).read_text(encoding="utf-8").split())

    def find_spec(self, name, path=None, target=None):
        if name in self.refused:
            raise ModuleNotFoundError(f"{name} is not in the set of this command", name=name)


sys.meta_path.insert(0, Refuser())
