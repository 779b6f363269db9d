"""More kinds for staff, and deliveries that are withdrawn. What the release before writes stays valid."""

from django.db import migrations, models
from django.db.models import Q

from maretech.common.database.online import AddCheckOnline

FOR_STAFF = (
    *("dispute_opened", "differences_found", "webhook_dead_letter", "analysis_failed", "second_subscription"),
    *("refund_failed", "bank_payout_failed", "foreign_store", "comparison_given_up"),
)
KINDS = [
    *("result_ready", "inspection_failed", "photos_to_retake", "inspection_expiring", "credit_returned"),
    *("payment_received", "payment_refunded", "subscription_ending", "subscription_lapsed", "recheck_due"),
    *("lift_out_soon", "dossier_ready", "dossier_delivered", "dossier_delivery_failed", "appointment_confirmed"),
    *("appointment_cancelled", "appointment_tomorrow", "handover_offered", "handover_completed", "handover_declined"),
    *("handover_expired", "handover_disputed", "handover_reversed", "security", "email_switched_off"),
    *("appointment_booked", "appointment_disputed", "payout_sent", "payout_failed", *FOR_STAFF),
]
REASONS = [
    *("switched_off", "address_unverified", "email_disabled", "device_gone", "not_configured", "withdrawn"),
]
NAMED_KINDS = [(kind, kind.replace("_", " ").title()) for kind in KINDS]


def replaced(model: str, name: str, condition: Q) -> list[migrations.operations.base.Operation]:
    constraint = models.CheckConstraint(condition=condition, name=name)
    return [
        migrations.RemoveConstraint(model_name=model, name=name),
        AddCheckOnline(model_name=model, constraint=constraint),
    ]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[(reason, reason.replace("_", " ").title()) for reason in REASONS],
                help_text="Why it was skipped.",
                max_length=20,
            ),
        ),
        *(
            migrations.AlterField(
                model_name=model, name="kind", field=models.CharField(choices=NAMED_KINDS, max_length=32)
            )
            for model in ("notification", "preference")
        ),
        *replaced(
            "delivery",
            "exactly_what_was_skipped_says_why",
            Q(state="skipped", reason__in=REASONS) | (~Q(state="skipped") & Q(reason="")),
        ),
        *replaced("notification", "a_notification_has_a_known_kind", Q(kind__in=KINDS)),
        *replaced(
            "notification",
            "exactly_what_is_for_staff_has_no_recipient",
            Q(kind__in=FOR_STAFF, recipient__isnull=True) | (~Q(kind__in=FOR_STAFF) & Q(recipient__isnull=False)),
        ),
        *replaced("preference", "a_preference_has_a_known_kind", Q(kind__in=KINDS)),
        *replaced("preference", "what_must_be_known_is_not_switched", ~Q(kind__in=("security", *FOR_STAFF))),
    ]
