"""Assemble the osmosis mode."""

from inspections.modes.base import ModeRules
from inspections.modes.osmosis.access import OsmosisAccess
from inspections.modes.osmosis.aggregation import judge
from inspections.modes.osmosis.capture_policy import FIRST_POLICY
from inspections.modes.osmosis.wording import TAKEN_ALONG

OSMOSIS = ModeRules(
    access=OsmosisAccess(),
    judge=judge,
    block_items="areas",
    first_policy=FIRST_POLICY,
    taken_along=TAKEN_ALONG,
)
