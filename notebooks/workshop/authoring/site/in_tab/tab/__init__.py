"""The shop inside a browser tab: its settings, and its server."""
