"""Start-up checks that refuse a dangerous configuration. Importing the package registers them."""

from maretech.checks.bounds import BOUNDS, GUESSES_AN_HOUR, PAIRS, RATE_BOUNDS
from maretech.checks.command_line import reports_itself
from maretech.checks.configuration import (
    development_is_harmless,
    environment_is_known,
    environment_is_readable,
    production_is_safe,
    role_is_bounded,
    settings_make_sense,
)
from maretech.checks.dangers import DANGERS
from maretech.checks.refusal import refuse_dangerous_start, refuse_privileged_role, watch_connections

__all__ = [
    "BOUNDS",
    "DANGERS",
    "GUESSES_AN_HOUR",
    "PAIRS",
    "RATE_BOUNDS",
    "development_is_harmless",
    "environment_is_known",
    "environment_is_readable",
    "production_is_safe",
    "refuse_dangerous_start",
    "refuse_privileged_role",
    "reports_itself",
    "role_is_bounded",
    "settings_make_sense",
    "watch_connections",
]
