# Every target is `python -m workshop TARGET`, which also works without make: see README.md.
PYTHON ?= python3
export STEP PAUSE ACCESS REFRESH PORT BIND STUDENTS ARGS FUZZ_SEED RUNS

COMMANDS := demo serve class lab start check watch hint solve reset progress doctor \
            notebooks test fuzz lint bench new clean

.DEFAULT_GOAL := help
.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) notebooks/workshop

$(COMMANDS):
	@$(PYTHON) notebooks/workshop $@
