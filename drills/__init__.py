"""Attacks on the promises of the project, one file each. Importing the package prepares Django, as `manage.py` does."""

from drills import ground

ground.lay()
