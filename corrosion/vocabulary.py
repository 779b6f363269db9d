"""Vocabulary of comparisons."""

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
    POINT_MISSING = "point_missing"
    NO_USABLE_PHOTOS = "no_usable_photos"
    OTHER_METAL = "not_made_for_this_metal"
    NO_COMMON_ANGLE = "no_common_angle"
    PHOTOS_UNREADABLE = "photos_unreadable"
    PHOTOS_DO_NOT_MATCH = "photos_do_not_match"
    TOO_UNCERTAIN = "too_uncertain"
    COULD_NOT_BE_COMPARED = "could_not_be_compared"


# The one reason that does not prevent a trend: the same files show no change.
IDENTICAL_PHOTOS: Final = "identical_photos"
