# Every target is `python -m workshop TARGET`, which also works without make: see README.md.
# make puts NAME=value arguments into the environment, where the commands read them.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help always

help:
	@$(PYTHON) notebooks/workshop

%: always
	@$(PYTHON) notebooks/workshop $@

Makefile: ;
