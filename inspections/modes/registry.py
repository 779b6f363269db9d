"""The only mapping from a mode's name to its rules."""

from inspections.modes.base import ModeRules
from inspections.modes.corrosion.mode import CORROSION
from inspections.modes.osmosis.mode import OSMOSIS

_MODES = {"corrosion": CORROSION, "osmosis": OSMOSIS}


def rules_of(mode: str) -> ModeRules:
    """Returns the rules of a mode. Raises KeyError for a mode that does not exist."""
    return _MODES[mode]
