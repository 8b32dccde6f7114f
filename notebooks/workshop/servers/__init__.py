"""Real servers in processes of their own: one for a notebook or a check, one for `make serve`, one for a class."""
