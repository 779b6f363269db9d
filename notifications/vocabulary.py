"""Closed lists of this app."""

from typing import Final

from maretech.common.vocabulary import Vocabulary

UTC_NAME: Final = "UTC"


class Channel(Vocabulary):
    """How a notification reaches its recipient. In the app it is the notification itself, so it needs no delivery."""

    IN_APP = "in_app"
    PUSH = "push"
    EMAIL = "email", "E-mail"
    OPS = "ops", "Staff"


class Audience(Vocabulary):
    """The recipients of a kind of notification."""

    OWNER = "owner"
    SURVEYOR = "surveyor"
    STAFF = "staff"


class DeliveryState(Vocabulary):
    """Pending: not sent yet. Stale: too late to be of use. Dead: given up, until staff replay it."""

    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"
    STALE = "stale"
    DEAD_LETTER = "dead", "Dead letter"


class SkipReason(Vocabulary):
    """Why a delivery was not made. Withdrawn: the notification was no longer true."""

    SWITCHED_OFF = "switched_off"
    ADDRESS_UNVERIFIED = "address_unverified"
    EMAIL_DISABLED = "email_disabled"
    DEVICE_GONE = "device_gone"
    NOT_CONFIGURED = "not_configured"
    WITHDRAWN = "withdrawn"


class Locale(Vocabulary):
    """A language in which every notification is written."""

    ENGLISH = "en"
    GERMAN = "de"


class DisabledReason(Vocabulary):
    """Why no more mail goes to an address."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"


class OutsideMailKind(Vocabulary):
    """The mails to people without an account. Each has a template in every locale."""

    DOSSIER_SHARED = "dossier_shared"


class KindName(Vocabulary):
    """The kinds of notifications. `notifications.catalogue.kinds` defines each."""

    RESULT_READY = "result_ready"
    INSPECTION_FAILED = "inspection_failed"
    PHOTOS_TO_RETAKE = "photos_to_retake"
    INSPECTION_EXPIRING = "inspection_expiring"
    CREDIT_RETURNED = "credit_returned"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_REFUNDED = "payment_refunded"
    SUBSCRIPTION_ENDING = "subscription_ending"
    SUBSCRIPTION_LAPSED = "subscription_lapsed"
    RECHECK_DUE = "recheck_due"
    LIFT_OUT_SOON = "lift_out_soon"
    DOSSIER_READY = "dossier_ready"
    DOSSIER_DELIVERED = "dossier_delivered"
    DOSSIER_DELIVERY_FAILED = "dossier_delivery_failed"
    APPOINTMENT_CONFIRMED = "appointment_confirmed"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_TOMORROW = "appointment_tomorrow"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_COMPLETED = "handover_completed"
    HANDOVER_DECLINED = "handover_declined"
    HANDOVER_EXPIRED = "handover_expired"
    HANDOVER_DISPUTED = "handover_disputed"
    HANDOVER_REVERSED = "handover_reversed"
    SECURITY = "security"
    EMAIL_SWITCHED_OFF = "email_switched_off"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_DISPUTED = "appointment_disputed"
    PAYOUT_SENT = "payout_sent"
    PAYOUT_FAILED = "payout_failed"
    DISPUTE_OPENED = "dispute_opened"
    DIFFERENCES_FOUND = "differences_found"
    WEBHOOK_DEAD_LETTER = "webhook_dead_letter"
    ANALYSIS_FAILED = "analysis_failed"
    SECOND_SUBSCRIPTION = "second_subscription"
    REFUND_FAILED = "refund_failed"
    BANK_PAYOUT_FAILED = "bank_payout_failed"
    FOREIGN_STORE = "foreign_store"
    COMPARISON_GIVEN_UP = "comparison_given_up"
    PAYEE_PAYOUT_FAILED = "payee_payout_failed"
    HANDOVER_TO_DECIDE = "handover_to_decide"
    APPOINTMENT_DECIDED = "appointment_decided"
    APPOINTMENT_TO_DECIDE = "appointment_to_decide"
