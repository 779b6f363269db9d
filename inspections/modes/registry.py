"""The one place where a mode's name becomes its rules."""

from inspections.modes.base import ModeRules
from inspections.modes.corrosion.mode import CORROSION
from inspections.modes.osmosis.mode import OSMOSIS

_MODES = {"corrosion": CORROSION, "osmosis": OSMOSIS}


def rules_of(mode: str) -> ModeRules:
    """Raises KeyError for a mode that does not exist."""
    return _MODES[mode]
