"""Kinds for staff: a payout to a payee failed, a handover is disputed. What the release before writes stays valid."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

former = import_module("notifications.migrations.0002_staff_kinds_and_withdrawn_deliveries")

FOR_STAFF = (*former.FOR_STAFF, "payee_payout_failed", "handover_to_decide")
KINDS = [*former.KINDS, "payee_payout_failed", "handover_to_decide"]
NAMED_KINDS = [(kind, kind.replace("_", " ").title()) for kind in KINDS]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_quiet_until")]
    operations = [
        *(
            migrations.AlterField(
                model_name=model, name="kind", field=models.CharField(choices=NAMED_KINDS, max_length=32)
            )
            for model in ("notification", "preference")
        ),
        *former.replaced("notification", "a_notification_has_a_known_kind", Q(kind__in=KINDS)),
        *former.replaced(
            "notification",
            "exactly_what_is_for_staff_has_no_recipient",
            Q(kind__in=FOR_STAFF, recipient__isnull=True) | (~Q(kind__in=FOR_STAFF) & Q(recipient__isnull=False)),
        ),
        *former.replaced("preference", "a_preference_has_a_known_kind", Q(kind__in=KINDS)),
        *former.replaced("preference", "what_must_be_known_is_not_switched", ~Q(kind__in=("security", *FOR_STAFF))),
    ]
