"""Check the subject of a photograph before judging it; independent of every mode."""
