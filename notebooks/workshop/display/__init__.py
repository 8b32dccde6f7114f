"""What a notebook shows: timelines, the parts of a token, countdowns."""
