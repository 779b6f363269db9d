"""Attacks on the promises of the project, one file each, in a folder per group.

Importing the package prepares Django, as `manage.py` does.
"""

from drills.harness import environment

environment.prepare_django()
