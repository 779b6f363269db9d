"""Corrosion: signs of rust on metal hulls. The first inspection is free; a subscription unlocks the rest."""
