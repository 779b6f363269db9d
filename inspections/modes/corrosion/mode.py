"""Assemble the corrosion mode."""

from inspections.modes.base import ModeRules
from inspections.modes.corrosion.access import CorrosionAccess
from inspections.modes.corrosion.aggregation import judge
from inspections.modes.corrosion.capture_policy import FIRST_POLICY
from inspections.modes.corrosion.wording import TAKEN_ALONG

CORROSION = ModeRules(
    access=CorrosionAccess(),
    judge=judge,
    block_items="points",
    first_policy=FIRST_POLICY,
    taken_along=TAKEN_ALONG,
)
