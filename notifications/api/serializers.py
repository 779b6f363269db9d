"""Serializers: an `Input` validates a body, an `Output` writes an answer."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Any, Final

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.identity.authentication import caller
from maretech.common.http.fields import OpaqueField
from notifications.catalogue.kinds import KINDS, SWITCHABLE, Kind
from notifications.recipients.preferences import QuietHours, offered_kinds
from notifications.recipients.quiet_hours import known_zones
from notifications.vocabulary import Channel, DisabledReason, KindName, Locale

# Of owners and surveyors.
OFFERED_KINDS: Final = [name.value for name, kind in KINDS.items() if not kind.is_for_staff]
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class NotificationOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=OFFERED_KINDS, help_text="Kinds are added: show title and body of any.")
    title = serializers.CharField()
    body = serializers.CharField()
    data = serializers.DictField(  # type: ignore[assignment]  # the base class has an attribute of this name
        child=serializers.CharField(), help_text="Ids of what it is about."
    )
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(many=False)
class NotificationPageOutput(serializers.Serializer[Any]):
    results = NotificationOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class WebPushKeyOutput(serializers.Serializer[Any]):
    public_key = serializers.CharField(help_text="The `applicationServerKey`: 65 bytes in base64url, without padding.")


class WallClockField(OpaqueField):
    """A time by the clock on the wall, such as 22:00."""

    default_error_messages = {"invalid": "A time such as 22:00."}

    def to_internal_value(self, data: Any) -> time:  # type: ignore[override]
        text = super().to_internal_value(data)
        if not _CLOCK.fullmatch(text):
            self.fail("invalid")
        return time.fromisoformat(text)

    def to_representation(self, value: time) -> str:  # type: ignore[override]
        return f"{value:%H:%M}"


class ZoneField(OpaqueField):
    """A time zone by its IANA name."""

    default_error_messages = {"unknown": "There is no such time zone. A name such as Europe/Berlin."}

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if name not in known_zones():
            self.fail("unknown")
        return name


class QuietHoursInput(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        """Return the fields by their names in the body; one of them is a keyword of Python."""
        return {"from": WallClockField(), "to": WallClockField()}

    def validate(self, attrs: Any) -> QuietHours:
        if attrs["from"] == attrs["to"]:
            raise serializers.ValidationError({"to": ["Quiet hours end at another time than they begin."]})
        return QuietHours(attrs["from"], attrs["to"])


class KindPreferenceInput(serializers.Serializer[Any]):
    kind = OpaqueField(max_length=32)
    push = serializers.BooleanField(required=False)
    email = serializers.BooleanField(required=False)


class PreferencesInput(serializers.Serializer[Any]):
    kinds = KindPreferenceInput(many=True, required=False)
    quiet_hours = QuietHoursInput(required=False, allow_null=True)
    time_zone = ZoneField(max_length=64, required=False)
    locale = serializers.ChoiceField(choices=Locale.choices(), required=False)

    def validate_kinds(self, value: list[dict[str, Any]]) -> list[tuple[KindName, Channel, bool]]:
        offered = {str(kind.name): kind for kind in offered_kinds(caller(self.context["request"]))}
        chosen: dict[tuple[KindName, Channel], bool] = {}
        for each in value:
            kind = offered.get(each["kind"])
            if kind is None:
                raise serializers.ValidationError(f"There is no kind {each['kind']} to choose.")
            chosen |= {(kind.name, channel): is_on for channel, is_on in _switched(kind, each)}
        return [(kind_name, channel, is_on) for (kind_name, channel), is_on in chosen.items()]


def _switched(kind: Kind, data: dict[str, Any]) -> Iterator[tuple[Channel, bool]]:
    """Yield the channels that were named. Raises `ValidationError` for one that this kind does not switch."""
    for channel in SWITCHABLE:
        if channel not in data:
            continue
        if channel not in kind.channels:
            raise serializers.ValidationError(f"{kind.name} does not go by {channel}.")
        if kind.can_be_switched_off:
            yield channel, data[channel]
        elif not data[channel]:
            raise serializers.ValidationError(f"{kind.name} cannot be switched off.")


class KindPreferenceOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=OFFERED_KINDS)
    push = serializers.BooleanField(allow_null=True, help_text="Null where this kind does not go by it.")
    email = serializers.BooleanField(allow_null=True)
    can_be_switched_off = serializers.BooleanField()


class QuietHoursOutput(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        """Return the fields by their names in the answer; one of them is a keyword of Python."""
        return {"from": WallClockField(source="begin"), "to": WallClockField(source="end")}


class EmailDisabledOutput(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=DisabledReason.choices())
    at = serializers.DateTimeField()


class PreferencesOutput(serializers.Serializer[Any]):
    kinds = KindPreferenceOutput(many=True)
    quiet_hours = QuietHoursOutput(allow_null=True, help_text="No push and no mail then, but for what is urgent.")
    time_zone = serializers.CharField()
    locale = serializers.CharField()
    email_disabled = EmailDisabledOutput(
        allow_null=True, help_text="Set while mail to the account's address does not arrive or is not wanted there."
    )
