"""What the server costs, beside Django's stock set-up in the same run: `python -m bench`."""
