"""Serializers of surveyors and appointments: an `Input` validates a body or query, an `Output` writes an answer."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from inspections.vocabulary import Mode
from maretech.common.http.fields import IdField, OpaqueField, TextField, TimeField
from surveys.check_ins.tokens import Picture
from surveys.models import Appointment, Slot
from surveys.vocabulary import AppointmentStatus, CheckInResult, Party


class SurveyorQuery(serializers.Serializer[Any]):
    region = TextField(required=False, max_length=120, help_text="A part of the name of a region, in any case.")
    mode = serializers.ChoiceField(choices=Mode.choices(), required=False)


class SurveyorOutput(serializers.Serializer[Any]):
    surveyor_id = serializers.UUIDField(source="pk")
    name = serializers.CharField()
    regions = serializers.ListField(child=serializers.CharField())
    modes = serializers.ListField(child=serializers.ChoiceField(choices=Mode.choices()))
    qualifications = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField(), help_text="Codes such as `de`.")
    rating = serializers.SerializerMethodField(help_text="The mean of the reviews, from 1 to 5; null without one.")
    rating_count = serializers.IntegerField()

    @extend_schema_field(serializers.FloatField(allow_null=True, min_value=1, max_value=5))
    def get_rating(self, row: Any) -> float | None:
        return None if row.rating is None else round(float(row.rating), 1)


@extend_schema_serializer(many=False)
class SurveyorPageOutput(serializers.Serializer[Any]):
    results = SurveyorOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class SlotQuery(serializers.Serializer[Any]):
    since = TimeField(required=False)
    until = TimeField(required=False)


@extend_schema_serializer(component_name="AppointmentSlot")
class SlotOutput(serializers.Serializer[Slot]):
    slot_id = serializers.UUIDField(source="pk")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place_id = serializers.UUIDField()
    place = serializers.CharField(source="place.name")
    price_minor = serializers.IntegerField(help_text="In the smallest unit of the currency.")
    currency = serializers.CharField()


@extend_schema_serializer(many=False, component_name="AppointmentSlotList")
class SlotListOutput(serializers.Serializer[Any]):
    results = SlotOutput(many=True)


class HoldInput(serializers.Serializer[Any]):
    slot_id = IdField()
    dossier_id = IdField(required=False, allow_null=True, default=None)


class AppointmentOutput(serializers.Serializer[Any]):
    """An appointment as one of its parties sees it. The context has that party as `user`."""

    appointment_id = serializers.UUIDField(source="pk")
    role = serializers.SerializerMethodField(help_text="Of the caller.")
    status = serializers.ChoiceField(choices=AppointmentStatus.choices(), source="current_status")
    surveyor_id = serializers.UUIDField()
    surveyor_name = serializers.CharField(source="surveyor.name")
    slot_id = serializers.UUIDField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place_id = serializers.UUIDField()
    place = serializers.CharField(source="place_name")
    price_minor = serializers.IntegerField()
    currency = serializers.CharField()
    dossier_id = serializers.UUIDField(allow_null=True, help_text="The attached dossier.")
    order_id = serializers.SerializerMethodField(help_text="Its order; null for the surveyor, and before a checkout.")
    created_at = serializers.DateTimeField()
    held_until = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    cancelled_by = serializers.SerializerMethodField()
    refund_minor = serializers.IntegerField(
        allow_null=True, help_text="What the owner gets back, once it is cancelled or its dispute is decided."
    )
    free_cancellation_until = serializers.SerializerMethodField(help_text="Until then the owner gets all back.")
    dispute_id = serializers.SerializerMethodField()

    def _party(self, row: Appointment) -> Party:
        user: User = self.context["user"]
        return row.party_of(user)

    @extend_schema_field(serializers.ChoiceField(choices=Party.choices()))
    def get_role(self, row: Appointment) -> str:
        return self._party(row)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_order_id(self, row: Appointment) -> str | None:
        if self._party(row) != Party.OWNER:
            return None
        # The paid one, else the open one, else the last one.
        orders = sorted(row.orders.all(), key=lambda each: (each.paid_at is None, each.ended_at is not None, -each.pk))
        return str(orders[0].order_id) if orders else None

    @extend_schema_field(serializers.ChoiceField(choices=Party.choices(), allow_null=True))
    def get_cancelled_by(self, row: Appointment) -> str | None:
        return row.cancelled_by or None

    @extend_schema_field(serializers.DateTimeField)
    def get_free_cancellation_until(self, row: Appointment) -> Any:
        return serializers.DateTimeField().to_representation(
            row.starts_at - timedelta(hours=settings.APPOINTMENT_CANCEL_HOURS)
        )

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_dispute_id(self, row: Appointment) -> str | None:
        dispute = getattr(row, "dispute", None)
        return None if dispute is None else str(dispute.pk)


@extend_schema_serializer(many=False)
class AppointmentPageOutput(serializers.Serializer[Any]):
    results = AppointmentOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class CodeQuery(serializers.Serializer[Any]):
    picture = serializers.ChoiceField(choices=Picture.choices(), default=Picture.PNG.value)


class ScanInput(serializers.Serializer[Any]):
    token = OpaqueField(max_length=200, help_text="The text of the scanned code.")
    place_id = IdField(help_text="Where the surveyor is.")


class ScanOutput(serializers.Serializer[Any]):
    result = serializers.ChoiceField(choices=CheckInResult.choices())
    message = serializers.CharField()
    appointment_id = serializers.UUIDField(allow_null=True, help_text="Null if none of the surveyor's was found.")
