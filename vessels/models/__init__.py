from vessels.models.handovers import (
    ENDED,
    MAX_CREDITS,
    MAX_REASON,
    OPEN,
    UNDER_WAY,
    Handover,
    HandoverCode,
    HandoverEvent,
    HandoverQuerySet,
)
from vessels.models.vessels import (
    FIRST_BUILT_YEAR,
    LAST_BUILT_YEAR,
    MAX_LENGTH_M,
    MIN_LENGTH_M,
    Vessel,
    VesselQuerySet,
)

__all__ = [
    "ENDED",
    "FIRST_BUILT_YEAR",
    "LAST_BUILT_YEAR",
    "MAX_CREDITS",
    "MAX_LENGTH_M",
    "MAX_REASON",
    "MIN_LENGTH_M",
    "OPEN",
    "UNDER_WAY",
    "Handover",
    "HandoverCode",
    "HandoverEvent",
    "HandoverQuerySet",
    "Vessel",
    "VesselQuerySet",
]
