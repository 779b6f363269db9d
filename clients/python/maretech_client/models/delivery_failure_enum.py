from enum import StrEnum


class DeliveryFailureEnum(StrEnum):
    BOUNCED = "bounced"
    CANCELLED = "cancelled"
    DOSSIER_REVOKED = "dossier_revoked"
    HANDED_OVER = "handed_over"
    NOT_ACCEPTED = "not_accepted"
    NOT_PRINTED = "not_printed"
    OUTCOME_UNKNOWN = "outcome_unknown"
    PAYMENT_WITHDRAWN = "payment_withdrawn"
    REFUSED = "refused"
    TOO_MANY_PAGES = "too_many_pages"
    UNDELIVERABLE = "undeliverable"

    def __str__(self) -> str:
        return str(self.value)
