"""Output serializers and fields: links, computed values, and the order of keys."""

from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.request import Request

from maretech.common.storage import object_store


# A body, or a part of one: writes the keys of `leading` first, and the others in the order of declaration. The schema
# lists all in the order of declaration. (A docstring would describe each component of the schema.)
class OutputSerializer(serializers.Serializer[Any]):
    leading: ClassVar[tuple[str, ...]] = ()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        written = super().to_representation(instance)
        return {name: written[name] for name in self.leading} | written


class AbsoluteURLField(serializers.URLField):
    """A URL that may be relative to this server, written as an absolute one."""

    def to_representation(self, value: str) -> str:
        url: str = self.context["request"].build_absolute_uri(value)
        return url


class UploadLinkSerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    url = AbsoluteURLField()
    headers = serializers.DictField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class ViewLinkField(serializers.URLField):
    """The key of an object, written as a link to it; null without a key."""

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return view_url(value, self.context["request"])


def view_url(key: str, request: HttpRequest | Request) -> str | None:
    """Return an absolute link to the object, signed again each time. None without a key."""
    return request.build_absolute_uri(object_store().presign_view(key)) if key else None


class _EmptyAsNull:
    def to_representation(self, value: Any) -> Any:
        return value or None


class EmptyAsNullField(_EmptyAsNull, serializers.CharField):
    """A text, written as null where it is empty."""


class EmptyAsNullChoiceField(_EmptyAsNull, serializers.ChoiceField):
    """A choice, written as null without one."""


class CountField(serializers.IntegerField):
    """A list, written as the number of its entries."""

    def to_representation(self, value: list[Any]) -> int:  # type: ignore[override]
        return len(value)
