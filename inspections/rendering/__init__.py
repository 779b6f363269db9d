"""Drawn photographs of hulls: the demo's pictures and the tests' pictures, the same for the same seed."""
