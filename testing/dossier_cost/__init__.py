"""The time, the memory and the size of a dossier of 60 photos."""
