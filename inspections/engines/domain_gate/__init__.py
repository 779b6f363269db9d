"""Check that a photograph is in domain before it is judged; independent of every mode."""
