from enum import StrEnum


class RetakeReasonEnum(StrEnum):
    BLURRED = "blurred"
    CHANGED_AFTER_SUBMISSION = "changed_after_submission"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    INCOMPLETE = "incomplete"
    MISSING = "missing"
    NOT_AN_IMAGE = "not_an_image"
    TOO_BRIGHT = "too_bright"
    TOO_DARK = "too_dark"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    UNSUPPORTED_FORMAT = "unsupported_format"

    def __str__(self) -> str:
        return str(self.value)
