"""Bodies of ghosts."""

from datetime import datetime
from typing import Any, Final

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from inspections.models import MediaAsset
from inspections.vocabulary import Angle
from maretech.common.http.fields import IdField
from maretech.common.http.output_fields import ViewLinkField

Out = serializers.Serializer[Any]


# --- in ----------------------------------------------------------------------------------------------------------
class GhostsQuerySerializer(Out):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # "for" is a keyword and cannot be a name in a class body.
        return {"for": IdField(help_text="The inspection that is being photographed.")}


_CAPTURE: Final = ("device_model", "os", "app_version", "captured_at")


# --- out ---------------------------------------------------------------------------------------------------------
class StoredCaptureSerializer(Out):
    # What the phone sent about itself when it announced the photo, and nothing else.
    device_model = serializers.CharField(required=False)
    os = serializers.CharField(required=False)
    app_version = serializers.CharField(required=False)
    captured_at = serializers.DateTimeField(required=False)

    def to_representation(self, capture: dict[str, Any]) -> dict[str, Any]:
        return {name: capture[name] for name in _CAPTURE if name in capture}


class TakenAtField(serializers.DateTimeField):
    """When a photo was taken by the phone's clock; without it, when the photo was uploaded."""

    def to_representation(self, photo: MediaAsset) -> str | None:  # type: ignore[override]
        assert photo.uploaded_at is not None  # of a judged photo
        captured_at = photo.capture.get("captured_at")
        return super().to_representation(datetime.fromisoformat(captured_at) if captured_at else photo.uploaded_at)


class GhostSerializer(Out):
    point_index = serializers.IntegerField(source="slot.point_index")
    label = serializers.CharField(allow_blank=True, source="slot.label")  # type: ignore[assignment]
    angle = serializers.ChoiceField(choices=Angle.choices())
    photo_url = ViewLinkField(source="view_uri")
    taken_at = TakenAtField(source="*")
    capture = StoredCaptureSerializer(source="shown_capture")


@extend_schema_serializer(many=False)
class GhostsSerializer(Out):
    ghosts = GhostSerializer(many=True)
