"""Run by every kernel that `make lab` starts: a cell that is run before the first one gets a sentence too, not a traceback."""

import sys

if "ipykernel" in sys.modules:  # a plain Python in a terminal of JupyterLab reads this file too
    from workshop.notebook import edit, hint
    from workshop.notebook_errors import install_helpers

    install_helpers(edit, hint)
    del edit, install_helpers
del sys
