"""Run by every kernel that `make lab` starts: also a cell run before the first one gets a sentence, not a traceback."""

from workshop.notebook import install_helpers

install_helpers()
del install_helpers
