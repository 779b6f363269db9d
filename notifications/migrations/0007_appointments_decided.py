"""Kinds of decided and of disputed appointments. What the release before writes stays valid."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

tools = import_module("notifications.migrations.0002_staff_kinds_and_withdrawn_deliveries")
former = import_module("notifications.migrations.0005_payouts_and_handovers_for_staff")

FOR_STAFF = (*former.FOR_STAFF, "appointment_to_decide")
KINDS = [*former.KINDS, "appointment_decided", "appointment_to_decide"]
NAMED_KINDS = [(kind, kind.replace("_", " ").title()) for kind in KINDS]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_payouts_and_handovers_hold_for_every_row")]
    operations = [
        *(
            migrations.AlterField(
                model_name=model, name="kind", field=models.CharField(choices=NAMED_KINDS, max_length=32)
            )
            for model in ("notification", "preference")
        ),
        *tools.replaced("notification", "a_notification_has_a_known_kind", Q(kind__in=KINDS)),
        *tools.replaced(
            "notification",
            "exactly_what_is_for_staff_has_no_recipient",
            Q(kind__in=FOR_STAFF, recipient__isnull=True) | (~Q(kind__in=FOR_STAFF) & Q(recipient__isnull=False)),
        ),
        *tools.replaced("preference", "a_preference_has_a_known_kind", Q(kind__in=KINDS)),
        *tools.replaced("preference", "what_must_be_known_is_not_switched", ~Q(kind__in=("security", *FOR_STAFF))),
    ]
