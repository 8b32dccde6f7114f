"""Hostile requests to our server and to a stock one, side by side: `python -m fuzz`."""
