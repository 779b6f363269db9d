"""Vocabulary of comparisons and maintenance."""

from typing import Final

from maretech.common.vocabulary import Vocabulary


class ComparisonState(Vocabulary):
    PENDING = "pending"
    DONE = "done"


class Trend(Vocabulary):
    IMPROVING = "improving"
    STABLE = "stable"
    WORSENING = "worsening"


class IncomparableReason(Vocabulary):
    """Why two points or visits have no trend, in the order in which they are tested."""

    DIFFERENT_VESSEL = "different_vessel"
    MAINTENANCE_BETWEEN = "maintenance_between"
    POINT_MISSING = "point_missing"
    NO_USABLE_PHOTOS = "no_usable_photos"
    OTHER_METAL = "not_made_for_this_metal"
    NO_COMMON_ANGLE = "no_common_angle"
    PHOTOS_UNREADABLE = "photos_unreadable"
    PHOTOS_DO_NOT_MATCH = "photos_do_not_match"
    TOO_UNCERTAIN = "too_uncertain"
    COULD_NOT_BE_COMPARED = "could_not_be_compared"


class MaintenanceKind(Vocabulary):
    BLASTED = "blasted"
    PAINTED = "painted"
    ANODES = "anodes", "Anodes replaced"
    CLEANED = "cleaned"


# After one of these the photos show another surface: no comparison reaches across it.
SURFACE_CHANGING: Final = (MaintenanceKind.BLASTED, MaintenanceKind.PAINTED)


class SupersedingCause(Vocabulary):
    """Why an answer of a comparison was replaced."""

    MODEL = "model", "Another model"
    RULE = "rule", "Another rule"
    MAINTENANCE = "maintenance"
    STAFF = "staff"


# The one reason that does not prevent a trend: the same files show no change.
IDENTICAL_PHOTOS: Final = "identical_photos"
