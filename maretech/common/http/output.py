"""What the serializers of answers share: links, computed values, and the order of keys."""

from typing import Any, ClassVar

from rest_framework import serializers

from maretech.common.storage import object_store


class OutputSerializer(serializers.Serializer[Any]):
    """A body, or a part of one. Writes the keys of `leading` first, and the others in the order of declaration.

    The schema lists all in the order of declaration, those of a base class first.
    """

    leading: ClassVar[tuple[str, ...]] = ()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        written = super().to_representation(instance)
        return {name: written[name] for name in self.leading} | written


class AbsoluteURLField(serializers.URLField):
    """A URL that may be relative to this server, written as an absolute one."""

    def to_representation(self, value: str) -> str:
        url: str = self.context["request"].build_absolute_uri(value)
        return url


class ViewLinkField(AbsoluteURLField):
    """The key of an object, written as a link to it that is signed anew each time; null without a key."""

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return super().to_representation(object_store().presign_view(value)) if value else None


class EmptyAsNullField(serializers.CharField):
    """A text, written as null where it is empty."""

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return value or None


class CountField(serializers.IntegerField):
    """A list, written as the number of its entries."""

    def to_representation(self, value: list[Any]) -> int:  # type: ignore[override]
        return len(value)
