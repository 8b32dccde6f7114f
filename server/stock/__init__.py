"""Runs the plain project of step 01, so that a notebook or a check can ask it. Its responses are a stock server's."""
