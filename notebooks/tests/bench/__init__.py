"""Measurements of the helper package: run `make bench`."""
