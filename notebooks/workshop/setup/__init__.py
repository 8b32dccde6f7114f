"""What sets this machine up: the virtual environment, the doctor, Jupyter. Standard library only until it is done."""
