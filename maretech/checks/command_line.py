"""What this process was started for."""

import sys
from pathlib import Path
from typing import Final

# The role that owns the tables runs these. Migrations may take their time, so that they may have no limit.
OWNERS_COMMANDS: Final = ("migrate", "grant_application_role")
# They tell what is wrong instead of starting anything.
_REPORTING_COMMANDS: Final = ("check", "help", "version", "--help", "-h", "--version")


def is_owners_process() -> bool:
    """Whether this is `manage.py migrate` or what grants: the one who owns the tables runs it."""
    return command() in OWNERS_COMMANDS


def reports_itself() -> bool:
    """Whether this is a command that names what is wrong, and must not be refused for it."""
    return command() in _REPORTING_COMMANDS or "--help" in sys.argv[1:]


def command() -> str:
    is_ours = Path(sys.argv[0]).name in ("manage.py", "django-admin")
    return sys.argv[1] if is_ours and len(sys.argv) > 1 else ""
