"""Assemble the osmosis mode."""

from inspections.modes.base import ModeRules
from inspections.modes.osmosis.access import OsmosisAccess
from inspections.modes.osmosis.aggregation import assess
from inspections.modes.osmosis.capture_policy import FIRST_POLICY
from inspections.modes.osmosis.wording import EXPORT_DESCRIPTION

OSMOSIS = ModeRules(
    access=OsmosisAccess(),
    assess=assess,
    block_items="areas",
    first_policy=FIRST_POLICY,
    export_description=EXPORT_DESCRIPTION,
)
