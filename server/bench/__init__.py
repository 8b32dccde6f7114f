"""What the server costs, measured against Django's stock set-up in the same run: `python -m bench`."""
