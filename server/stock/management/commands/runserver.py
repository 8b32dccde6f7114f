"""The shop's runserver, which can end with the program that started it."""

from hardening.management.commands.runserver import Command

__all__ = ["Command"]
