"""What a shop on the internet needs beside its settings: health addresses, logs, checks, and the files that start it."""
