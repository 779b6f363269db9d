"""Refusals of dossiers."""

from maretech.common.http.errors import APIError, RateLimited, ServiceUnavailable


class NotEligible(APIError):
    """`reasons` says why, the first in `reason` too."""

    status = 409
    error_code = "NOT_ELIGIBLE"
    message = "This cannot become a dossier, or not now."

    def __init__(self, *reasons: str) -> None:
        super().__init__(reason=reasons[0], reasons=list(reasons))


class NotADraft(NotEligible):
    message = "Only a draft can be changed or made final."

    def __init__(self) -> None:
        super().__init__("not_a_draft")


class NotFinal(NotEligible):
    message = "Only a final dossier can be read, shared or sent."

    def __init__(self) -> None:
        super().__init__("not_final")


class HandedOver(NotEligible):
    message = "The vessel has another owner: its dossiers are not shared any more."

    def __init__(self) -> None:
        super().__init__("handed_over")


class TooManyShares(NotEligible):
    message = "So many shares of this dossier are open: end one first."

    def __init__(self) -> None:
        super().__init__("too_many_shares")


class NoStatement(NotEligible):
    message = "There is no statement yet."

    def __init__(self) -> None:
        super().__init__("no_statement")


class LetterTooLong(NotEligible):
    message = "The dossier has more pages than a letter to this country may have."

    def __init__(self) -> None:
        super().__init__("too_many_pages")


class LetterNotPayable(NotEligible):
    """The reason is the status of the delivery."""

    message = "This letter does not wait for a payment any more."

    def __init__(self, status: str) -> None:
        super().__init__(status)


class LetterServiceUnavailable(ServiceUnavailable):
    message = "The address cannot be checked now. Nothing was written and nothing charged; try again shortly."


class RecordingMissing(APIError):
    status = 409
    error_code = "UPLOADS_MISSING"
    message = "The recording has not arrived yet."


class TooManyOfOwner(RateLimited):
    """Raised with a `reason`."""

    message = "Too many within a day. What there is stays as it is."
