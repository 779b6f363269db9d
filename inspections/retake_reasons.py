"""Reasons why a photo is not used, in three groups: each calls for a different action of the owner at the hull."""

from enum import StrEnum
from typing import Final


class RetakeReason(StrEnum):
    """Values of `retake_reasons`. Rows of earlier releases may hold others; readers must accept any token."""

    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    TOO_SMALL = "too_small"
    INCOMPLETE = "incomplete"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    MISSING = "missing"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_LARGE = "too_large"
    CHANGED_AFTER_SUBMISSION = "changed_after_submission"


SHOOT_AGAIN: Final = frozenset(
    {RetakeReason.BLURRED, RetakeReason.TOO_DARK, RetakeReason.TOO_BRIGHT, RetakeReason.TOO_SMALL}
)
SEND_AGAIN: Final = frozenset({RetakeReason.INCOMPLETE, RetakeReason.CHECKSUM_MISMATCH, RetakeReason.MISSING})
OTHER_FORMAT_OR_SIZE: Final = frozenset(
    {RetakeReason.NOT_AN_IMAGE, RetakeReason.UNSUPPORTED_FORMAT, RetakeReason.TOO_LARGE}
)
# Only after submission, when no photo can be retaken.
FINAL: Final = frozenset({RetakeReason.CHANGED_AFTER_SUBMISSION})
