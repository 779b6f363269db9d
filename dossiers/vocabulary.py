"""Vocabulary of dossiers."""

from typing import Final

from maretech.common.vocabulary import Vocabulary


class DossierStatus(Vocabulary):
    DRAFT = "draft"
    RENDERING = "rendering"
    FINAL = "final"
    REVOKED = "revoked"


class Obstacle(Vocabulary):
    """Why an inspection cannot be in a dossier."""

    NOT_COMPLETED = "not_completed"
    NO_USABLE_PHOTOS = "no_usable_photos"
    TOO_OLD = "too_old"


class RenderingFailure(Vocabulary):
    """Why a dossier is a draft again."""

    INSPECTION_DELETED = "inspection_deleted"
    PHOTOS_UNREADABLE = "photos_unreadable"
    CHARACTERS_UNSUPPORTED = "characters_unsupported"
    COULD_NOT_BE_RENDERED = "could_not_be_rendered"


class RevocationReason(Vocabulary):
    OWNER = "owner", "Revoked by the owner"
    INSPECTION_DELETED = "inspection_deleted"
    STAFF = "staff", "Revoked by staff"


class RecordingState(Vocabulary):
    """Created: announced and not reported yet."""

    CREATED = "created"
    UPLOADED = "uploaded"
    TRANSCRIBED = "transcribed"
    FAILED = "failed"


class RecordingFailure(Vocabulary):
    """Why a recording has no transcript: those of `statement.reasons`, and our own."""

    MISSING = "missing"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    NOT_AUDIO = "not_audio"
    UNSUPPORTED_FORMAT = "unsupported_format"
    HAS_VIDEO = "has_video"
    DAMAGED = "damaged"
    SILENT = "silent"
    NO_SPEECH = "no_speech"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    LANGUAGE_UNSUPPORTED = "language_unsupported"
    COULD_NOT_BE_TRANSCRIBED = "could_not_be_transcribed"


class RefinementState(Vocabulary):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class DeliveryChannel(Vocabulary):
    EMAIL = "email", "E-mail"
    POST = "post"


class DeliveryStatus(Vocabulary):
    """Submitted: the mail server or the letter provider has it. Expired: a letter that was not paid in time."""

    CREATED = "created"
    PAID = "paid"
    SUBMITTED = "submitted"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    RETURNED = "returned"
    FAILED = "failed"
    EXPIRED = "expired"


class DeliveryFailure(Vocabulary):
    """Why a mail or a letter did not arrive. The last six are of letters only.

    Not printed: the letter service accepted it and then failed. Undeliverable: the post brought it back. Payment
    withdrawn: a bank or a refund took the money before it was printed. Cancelled: staff or the account's closing.
    """

    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    OUTCOME_UNKNOWN = "outcome_unknown"
    DOSSIER_REVOKED = "dossier_revoked"
    BOUNCED = "bounced"
    TOO_MANY_PAGES = "too_many_pages"
    NOT_PRINTED = "not_printed"
    UNDELIVERABLE = "undeliverable"
    PAYMENT_WITHDRAWN = "payment_withdrawn"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


class VerificationResult(Vocabulary):
    """The answer to who scans the code that is printed on a dossier."""

    VALID = "VALID"
    SUPERSEDED = "SUPERSEDED"
    REVOKED = "REVOKED"
    NOT_FOUND = "NOT_FOUND"


MAX_INSPECTIONS: Final = 10
MAX_STATEMENT: Final = 4000
MAX_RECORDING_BYTES: Final = 20 * 1024 * 1024
