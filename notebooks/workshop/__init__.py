"""The helper package of the JWT workshop: trees, checks, live servers, notebook tools and the demo."""

import sys

if "ipykernel" in sys.modules:  # a notebook, and perhaps not one that `make lab` opened
    from .setup.kernel import refuse_foreign

    refuse_foreign()
