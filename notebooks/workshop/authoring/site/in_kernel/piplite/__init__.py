"""In the place of JupyterLite's installer: everything is here already, and no package is asked of another host."""

import sys

# A kernel's imports look first into its folder, which is in the browser's storage: a request each. Now they look there last.
sys.path.sort(key=lambda place: place == "")
