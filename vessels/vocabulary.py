"""Vocabulary of vessels."""

from maretech.common.vocabulary import Vocabulary


class HullMaterial(Vocabulary):
    GRP = "grp"
    STEEL = "steel"
    ALUMINIUM = "aluminium"
    OTHER = "other"


class HandoverStatus(Vocabulary):
    """Initiated: no party has entered its code yet; pending codes: one has. Failed: too many wrong codes."""

    INITIATED = "initiated"
    PENDING_CODES = "pending_codes", "awaits the second code"
    COMPLETED = "completed"
    CANCELLED = "cancelled", "cancelled by the seller"
    DECLINED = "declined", "declined by the buyer"
    EXPIRED = "expired"
    FAILED = "failed", "failed: wrong codes"
    DISPUTED = "disputed"
    REVERSED = "reversed"


class Party(Vocabulary):
    SELLER = "seller"
    BUYER = "buyer"
