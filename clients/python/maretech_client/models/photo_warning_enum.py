from enum import StrEnum


class PhotoWarningEnum(StrEnum):
    FRAMED_DIFFERENTLY = "framed_differently"
    SAME_AS_OTHER_ANGLE = "same_as_other_angle"
    SLIGHTLY_BLURRED = "slightly_blurred"
    SMALL = "small"
    TOO_FAR = "too_far"

    def __str__(self) -> str:
        return str(self.value)
