"""The purpose of this process, from its command line."""

import sys
from pathlib import Path
from typing import Final

# The role that owns the tables runs these. They may run without a time limit, because migrations may take long.
OWNERS_COMMANDS: Final = ("migrate", "grant_application_role")
# These report faults instead of starting anything.
_REPORTING_COMMANDS: Final = ("check", "help", "version", "--help", "-h", "--version")


def is_owners_process() -> bool:
    """Return whether the owner of the tables runs this process: `manage.py migrate` or the granting command."""
    return command() in OWNERS_COMMANDS


def reports_itself() -> bool:
    """Return whether this command reports faults itself, so that it must not be refused for them."""
    return command() in _REPORTING_COMMANDS or "--help" in sys.argv[1:]


def command() -> str:
    is_ours = Path(sys.argv[0]).name in ("manage.py", "django-admin")
    return sys.argv[1] if is_ours and len(sys.argv) > 1 else ""
