"""What a learner works with: the steps, the copy in work/, checks, hints, guesses and progress."""
