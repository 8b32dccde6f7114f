"""What authors need: the rules of a step, tested lessons, generated files, the scaffold. No learner's command imports it."""
