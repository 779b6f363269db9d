"""Drawn photographs of hulls for the demo and the tests; same seed, same picture."""
