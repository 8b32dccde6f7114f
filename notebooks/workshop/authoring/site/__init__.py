"""Builds the static site: pages to read, the Token Lab and the notebooks in a browser tab. Nothing here runs for a learner."""
