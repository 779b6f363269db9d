"""Serializers of handovers: an `Input` validates a body, an `Output` writes an answer."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.serializers import EmailAddressField
from accounts.models import User
from maretech.common.http.fields import TextField, WholeNumberField
from vessels.models import MAX_CREDITS, MAX_REASON, Handover
from vessels.vocabulary import HandoverStatus, Party


class OfferInput(serializers.Serializer[Any]):
    to_email = EmailAddressField()
    credits = WholeNumberField(
        min_value=0, max_value=MAX_CREDITS, default=0, help_text="What the buyer pays, in inspection credits."
    )


class DisputeInput(serializers.Serializer[Any]):
    reason = TextField(max_length=MAX_REASON, help_text="For our staff, who decide.")


class HandoverDisputeOutput(serializers.Serializer[Any]):
    disputed_at = serializers.DateTimeField()
    disputed_by = serializers.ChoiceField(choices=Party.choices())
    decided_at = serializers.DateTimeField(allow_null=True)


class HandoverOutput(serializers.Serializer[Any]):
    """A handover as one of its parties sees it. The context has that party as `user`."""

    handover_id = serializers.UUIDField(source="pk")
    role = serializers.SerializerMethodField(help_text="Of the caller.")
    status = serializers.ChoiceField(choices=HandoverStatus.choices(), source="current_status")
    vessel_id = serializers.UUIDField(allow_null=True, help_text="Null once the vessel is deleted.")
    vessel_name = serializers.CharField(allow_blank=True, help_text="When it was offered.")
    to_email = serializers.SerializerMethodField(help_text="The address that the seller typed; null for the buyer.")
    credits = serializers.IntegerField(help_text="What the buyer pays the seller, in inspection credits.")
    confirmed = serializers.SerializerMethodField(help_text="Whether the caller has entered the code.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="Until then both codes must be entered.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When the offer ended without a change of owner.")
    completed_at = serializers.DateTimeField(allow_null=True)
    disputable_until = serializers.SerializerMethodField()
    dispute = serializers.SerializerMethodField()

    def _party(self, row: Handover) -> Party:
        user: User = self.context["user"]
        return row.party_of(user)

    @extend_schema_field(serializers.ChoiceField(choices=Party.choices()))
    def get_role(self, row: Handover) -> str:
        return self._party(row)

    @extend_schema_field(serializers.EmailField(allow_null=True))
    def get_to_email(self, row: Handover) -> str | None:
        return (row.to_email or None) if self._party(row) == Party.SELLER else None

    @extend_schema_field(serializers.BooleanField)
    def get_confirmed(self, row: Handover) -> bool:
        """A completed handover has both codes; their rows are deleted some time later."""
        own = (code for code in row.codes.all() if code.party == self._party(row))
        return row.completed_at is not None or any(code.used_at is not None for code in own)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_disputable_until(self, row: Handover) -> datetime | None:
        if row.completed_at is None or row.disputed_at is not None:
            return None
        return row.completed_at + timedelta(days=settings.HANDOVER_DISPUTE_DAYS)

    @extend_schema_field(HandoverDisputeOutput(allow_null=True))
    def get_dispute(self, row: Handover) -> dict[str, Any] | None:
        return None if row.disputed_at is None else HandoverDisputeOutput(row).data


class HandoverDetailOutput(HandoverOutput):
    # The handover has `visits`, which is None once the offer is over: see `handover_views`.
    inspection_counts = serializers.DictField(
        child=serializers.IntegerField(),
        source="visits.counts",
        allow_null=True,
        help_text="How many inspections are offered, by mode; null once the offer is over.",
    )
    last_inspected_at = serializers.DateTimeField(
        source="visits.last_inspected_at",
        allow_null=True,
        help_text="When the last completed one was opened; null without one, and once the offer is over.",
    )


@extend_schema_serializer(many=False)
class HandoverPageOutput(serializers.Serializer[Any]):
    results = HandoverOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
