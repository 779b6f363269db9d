"""Bodies in and out of lift-outs."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone
from rest_framework import serializers

from maretech.common.http.fields import TimeField
from osmosis.models import FIRST_LIFT_OUT

PLANNED_AHEAD: Final = timedelta(days=730)


class LiftOutTimeField(TimeField):
    """An instant, past or planned, within the years in which boats are lifted out."""

    default_error_messages = {
        "too_early": "This is too long ago.",
        "too_late": "This is more than two years ahead.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        instant = super().to_internal_value(value)
        if instant < FIRST_LIFT_OUT:
            self.fail("too_early")
        if instant > timezone.now() + PLANNED_AHEAD:
            self.fail("too_late")
        return instant


class LiftOutInput(serializers.Serializer[Any]):
    lifted_out_at = LiftOutTimeField()


class LiftOutOutput(serializers.Serializer[Any]):
    vessel_id = serializers.UUIDField()
    lifted_out_at = serializers.DateTimeField(
        allow_null=True, help_text="When the vessel left the water, or is planned to; null if none is noted."
    )
    noted_at = serializers.DateTimeField(allow_null=True, help_text="When the owner last changed it.")
    notify_at = serializers.DateTimeField(
        allow_null=True, help_text="When the owner will be notified; null if that is over, or was not asked for."
    )
