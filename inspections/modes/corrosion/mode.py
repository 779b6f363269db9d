"""Assemble the corrosion mode."""

from inspections.modes.base import ModeRules
from inspections.modes.corrosion.access import CorrosionAccess
from inspections.modes.corrosion.aggregation import assess
from inspections.modes.corrosion.capture_policy import FIRST_POLICY
from inspections.modes.corrosion.wording import EXPORT_DESCRIPTION

CORROSION = ModeRules(
    access=CorrosionAccess(),
    assess=assess,
    block_items="points",
    first_policy=FIRST_POLICY,
    export_description=EXPORT_DESCRIPTION,
)
