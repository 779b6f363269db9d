from enum import StrEnum


class IncomparableReasonEnum(StrEnum):
    COULD_NOT_BE_COMPARED = "could_not_be_compared"
    DIFFERENT_VESSEL = "different_vessel"
    IDENTICAL_PHOTOS = "identical_photos"
    MAINTENANCE_BETWEEN = "maintenance_between"
    NOT_MADE_FOR_THIS_METAL = "not_made_for_this_metal"
    NO_COMMON_ANGLE = "no_common_angle"
    NO_USABLE_PHOTOS = "no_usable_photos"
    PHOTOS_DO_NOT_MATCH = "photos_do_not_match"
    PHOTOS_UNREADABLE = "photos_unreadable"
    POINT_MISSING = "point_missing"
    TOO_UNCERTAIN = "too_uncertain"

    def __str__(self) -> str:
        return str(self.value)
