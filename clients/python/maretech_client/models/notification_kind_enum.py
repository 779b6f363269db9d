from enum import StrEnum


class NotificationKindEnum(StrEnum):
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_CONFIRMED = "appointment_confirmed"
    APPOINTMENT_DECIDED = "appointment_decided"
    APPOINTMENT_DISPUTED = "appointment_disputed"
    APPOINTMENT_TOMORROW = "appointment_tomorrow"
    CREDIT_RETURNED = "credit_returned"
    DOSSIER_DELIVERED = "dossier_delivered"
    DOSSIER_DELIVERY_FAILED = "dossier_delivery_failed"
    DOSSIER_READY = "dossier_ready"
    EMAIL_SWITCHED_OFF = "email_switched_off"
    HANDOVER_COMPLETED = "handover_completed"
    HANDOVER_DECLINED = "handover_declined"
    HANDOVER_DISPUTED = "handover_disputed"
    HANDOVER_EXPIRED = "handover_expired"
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_REVERSED = "handover_reversed"
    INSPECTION_EXPIRING = "inspection_expiring"
    INSPECTION_FAILED = "inspection_failed"
    LIFT_OUT_SOON = "lift_out_soon"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYOUT_FAILED = "payout_failed"
    PAYOUT_SENT = "payout_sent"
    PHOTOS_TO_RETAKE = "photos_to_retake"
    RECHECK_DUE = "recheck_due"
    RESULT_READY = "result_ready"
    SECURITY = "security"
    SUBSCRIPTION_ENDING = "subscription_ending"
    SUBSCRIPTION_LAPSED = "subscription_lapsed"

    def __str__(self) -> str:
        return str(self.value)
