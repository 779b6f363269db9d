"""Bodies in and out of the inspection's life."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from billing.vocabulary import Plan
from inspections.capture.policies import max_pixels_by_content_type, policy_values
from inspections.capture.uploads import AwaitedUpload
from inspections.models import CapturePolicy
from inspections.modes.corrosion import capture_policy as corrosion_capture
from inspections.modes.corrosion import vocabulary as corrosion
from inspections.modes.corrosion.serializers import CorrosionBlockSerializer
from inspections.modes.osmosis import capture_policy as osmosis_capture
from inspections.modes.osmosis import vocabulary as osmosis
from inspections.modes.osmosis.serializers import OsmosisBlockSerializer
from inspections.retake_reasons import FINAL, OTHER_FORMAT_OR_SIZE, SEND_AGAIN, SHOOT_AGAIN, RetakeReason
from inspections.vocabulary import (
    Angle,
    Antifouling,
    AssetState,
    ConfidenceLevel,
    FailureReason,
    InspectionStatus,
    JobState,
    Mode,
    PhotoWarning,
    SignalDetected,
    Surface,
    WaitingFor,
)
from maretech.common.http.fields import (
    IdField,
    PastTimeField,
    PatternField,
    StrictBooleanField,
    TextField,
    TimeField,
    WholeNumberField,
)
from maretech.common.http.output_fields import (
    AbsoluteURLField,
    CountField,
    EmptyAsNullChoiceField,
    OutputSerializer,
    UploadLinkSerializer,
    ViewLinkField,
)
from vessels.vocabulary import HullMaterial

Out = serializers.Serializer[Any]
MAX_POINTS_ASKED = 50
# Those of the first policies. Staff may write others.
HINTS = sorted({*corrosion_capture.HINTS, *osmosis_capture.HINTS})


# --- in ----------------------------------------------------------------------------------------------------------
class CaptureContextSerializer(Out):
    """What the owner types about the hull. Never a position."""

    hull_material = serializers.ChoiceField(choices=HullMaterial.choices(), required=False)
    hauled_out_at = PastTimeField(required=False)
    surface = serializers.ChoiceField(choices=Surface.choices(), required=False)
    antifouling = serializers.ChoiceField(choices=Antifouling.choices(), required=False)
    region_text = TextField(max_length=120, required=False, allow_blank=True)


class OpenInspectionSerializer(Out):
    mode = serializers.ChoiceField(choices=Mode.choices())
    points = WholeNumberField(min_value=1, max_value=MAX_POINTS_ASKED, default=1)
    vessel_id = IdField(required=False)
    vessel_label = TextField(
        max_length=120,
        allow_blank=True,
        required=False,
        help_text="In place of `vessel_id`: the name of a vessel, which is added if there is none of that name.",
    )
    label = TextField(max_length=120, allow_blank=True, default="")  # type: ignore[assignment]
    capture_context = CaptureContextSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "vessel_id" in attrs and "vessel_label" in attrs:
            raise serializers.ValidationError({"vessel_id": ["Name the vessel by its id or by its label, not both."]})
        return attrs


class OpenPointSerializer(Out):
    label = TextField(max_length=120, allow_blank=True, default="")  # type: ignore[assignment]


class CaptureMetadataSerializer(Out):
    """What the phone says of itself. Never a position."""

    device_model = TextField(max_length=80, required=False, allow_blank=True)
    os = TextField(max_length=80, required=False, allow_blank=True)
    app_version = TextField(max_length=40, required=False, allow_blank=True)
    captured_at = TimeField(required=False)


class DeclarePhotoSerializer(Out):
    angle = serializers.ChoiceField(choices=Angle.choices())
    content_type = TextField(
        max_length=64, help_text="Any name a phone has for the type, e.g. image/jpg; the link names the one to send."
    )
    byte_size = WholeNumberField(min_value=1, max_value=2**31 - 1)
    sha256 = PatternField(r"\A[0-9a-fA-F]{64}\Z", max_length=64)
    capture = CaptureMetadataSerializer(required=False)


class SubmitSerializer(Out):
    accept_incomplete = StrictBooleanField(default=False)


class MockSubscriptionSerializer(Out):
    active = StrictBooleanField()
    plan = serializers.ChoiceField(choices=Plan.choices(), default=Plan.MONTHLY)


# --- out ---------------------------------------------------------------------------------------------------------
class CaptureConstraintsSerializer(Out):
    min_short_side_px = serializers.IntegerField(help_text="A photo with a shorter side is rejected as too_small.")
    recommended_long_side_px = serializers.IntegerField(
        help_text="A photo of this size shows all that is looked for; a larger one only takes longer to send."
    )
    max_pixels = serializers.IntegerField(
        help_text="More is rejected as too_large. Holds for JPEG; the other formats may take less."
    )
    max_pixels_by_content_type = serializers.DictField(
        child=serializers.IntegerField(),
        help_text=(
            "The same for each of `content_types`. Photos that take more memory a pixel than phones' usual ones may be "
            "rejected from fewer on: HEIC of more than 8 bits or with colour at full resolution, progressive JPEG."
        ),
    )
    max_bytes = serializers.IntegerField()
    content_types = serializers.ListField(child=serializers.CharField())

    def to_representation(self, policy: CapturePolicy) -> dict[str, Any]:
        values = asdict(policy_values(policy)) | {"max_pixels_by_content_type": max_pixels_by_content_type(policy)}
        return super().to_representation(values)


class CapturePolicySerializer(Out):
    mode = serializers.ChoiceField(choices=Mode.choices())
    version = serializers.IntegerField()
    free_points = serializers.IntegerField()
    max_points = serializers.IntegerField()
    angles_per_point = CountField(source="angles")
    angles = serializers.ListField(child=serializers.ChoiceField(choices=Angle.choices()))
    constraints = CaptureConstraintsSerializer(source="*")
    hints = serializers.ListField(child=serializers.ChoiceField(choices=HINTS))


class SlotUploadSerializer(OutputSerializer):
    leading = ("asset_id", "slot_id", "point_index", "angle")

    method = serializers.CharField(source="target.method")
    url = AbsoluteURLField(source="target.url")
    headers = serializers.DictField(child=serializers.CharField(), source="target.headers")
    expires_at = serializers.DateTimeField(source="target.expires_at")
    asset_id = serializers.UUIDField(source="asset.pk")
    slot_id = serializers.UUIDField(source="slot.pk")
    point_index = serializers.IntegerField(source="slot.point_index")
    angle = serializers.ChoiceField(choices=Angle.choices(), source="asset.angle")


class UploadURLField(AbsoluteURLField):
    """An upload, written as its URL alone."""

    def to_representation(self, value: AwaitedUpload) -> str:  # type: ignore[override]
        return super().to_representation(value.target.url)


class OpenedInspectionSerializer(Out):
    inspection_id = serializers.UUIDField(source="inspection.pk")
    mode = serializers.ChoiceField(choices=Mode.choices(), source="inspection.mode")
    status = serializers.ChoiceField(choices=InspectionStatus.choices(), source="inspection.status")
    upload_urls = serializers.ListField(child=UploadURLField(), source="uploads")
    uploads = SlotUploadSerializer(many=True)
    expires_at = serializers.DateTimeField(source="inspection.expires_at")


class OpenedPointSerializer(Out):
    slot_id = serializers.UUIDField(source="slot.pk")
    point_index = serializers.IntegerField(source="slot.point_index")
    label = serializers.CharField(allow_blank=True, source="slot.label")  # type: ignore[assignment]
    required_angles = serializers.ListField(
        child=serializers.ChoiceField(choices=Angle.choices()), source="slot.required_angles"
    )
    uploads = SlotUploadSerializer(many=True)


class DeclaredPhotoSerializer(Out):
    asset_id = serializers.UUIDField(source="asset.pk")
    angle = serializers.ChoiceField(choices=Angle.choices(), source="asset.angle")
    state = serializers.ChoiceField(choices=AssetState.choices(), source="asset.state")
    upload = UploadLinkSerializer(source="target")


RETAKE_REASONS = [reason.value for reason in RetakeReason]
WARNINGS_HELP = (
    "What the owner may want to shoot again although the photo is used: small, slightly_blurred, too_far, "
    "same_as_other_angle, framed_differently (too different from the last visit's photo to be compared with it; see "
    "`framing` of the polled photo). More may be added: ignore an unknown one."
)
RETAKE_REASONS_HELP = (
    f"Shoot again: {', '.join(sorted(SHOOT_AGAIN))}. Send again: {', '.join(sorted(SEND_AGAIN))}. "
    f"Other format or size, see the policy's constraints: {', '.join(sorted(OTHER_FORMAT_OR_SIZE))}. "
    f"After submission: {', '.join(sorted(FINAL))}. More may be added: take an unknown one as not usable."
)


class PhotoSerializer(Out):
    asset_id = serializers.UUIDField(source="pk")
    angle = serializers.ChoiceField(choices=Angle.choices())
    state = serializers.ChoiceField(choices=AssetState.choices())
    warnings = serializers.ListField(
        child=serializers.ChoiceField(choices=PhotoWarning.choices()), help_text=WARNINGS_HELP
    )
    retake_reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=RETAKE_REASONS), help_text=RETAKE_REASONS_HELP
    )
    view_url = ViewLinkField(source="view_uri", allow_null=True)


class FramingSerializer(Out):
    shift_x = serializers.FloatField(
        help_text="Where the middle of the earlier photo lies: right of this one's middle, as a fraction of the width."
    )
    shift_y = serializers.FloatField(help_text="The same, down, as a fraction of the height.")
    scale = serializers.FloatField(help_text="The place is this many times as large as in the earlier photo.")
    rotation_deg = serializers.FloatField(help_text="The place is turned clockwise by this angle.")


class AssetSerializer(PhotoSerializer):
    # Documents the poll of a photo, which writes its body without it.
    slot_id = serializers.UUIDField()
    point_index = serializers.IntegerField()
    framing = FramingSerializer(
        required=False,
        allow_null=True,
        help_text=(
            "How this photo differs from the last one of its point and angle. Null if nothing was measured; absent "
            "where visits are not compared."
        ),
    )


class SlotSerializer(Out):
    slot_id = serializers.UUIDField(source="pk")
    point_index = serializers.IntegerField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    required_angles = serializers.ListField(child=serializers.ChoiceField(choices=Angle.choices()))
    assets = PhotoSerializer(many=True, source="photos")


class InspectionListItemSerializer(Out):
    inspection_id = serializers.UUIDField(source="pk")
    mode = serializers.ChoiceField(choices=Mode.choices())
    status = serializers.ChoiceField(choices=InspectionStatus.choices())
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    vessel_id = serializers.UUIDField(allow_null=True)
    vessel_label = serializers.CharField(allow_blank=True)


@extend_schema_serializer(many=False)
class InspectionPageSerializer(Out):
    results = InspectionListItemSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


@extend_schema_serializer(component_name="CaptureContext")
class StoredContextSerializer(CaptureContextSerializer):
    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance  # was written by the serializer that read it


class InspectionDetailSerializer(InspectionListItemSerializer):
    # Of an inspection from `load_detail`.
    failure_reason = EmptyAsNullChoiceField(choices=FailureReason.choices(), allow_null=True)
    waiting_for = serializers.ChoiceField(choices=WaitingFor.choices(), allow_null=True, source="wait.reason")
    waiting_since = serializers.DateTimeField(allow_null=True, source="wait.since")
    expires_at = serializers.DateTimeField()
    policy_version = serializers.IntegerField(source="policy.version")
    capture_context = StoredContextSerializer(source="shown_context")
    slots = SlotSerializer(many=True)


class CompletedSerializer(Out):
    status = serializers.ChoiceField(choices=["queued"])


class SubmittedSerializer(Out):
    job_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["queued"])


class ProgressSerializer(Out):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class InspectionStatusSerializer(Out):
    # Documents the poll of the status, which writes its body without it.
    inspection_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=InspectionStatus.choices())
    job_id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=JobState.choices(), allow_null=True)
    progress = ProgressSerializer()
    waiting_for = serializers.ChoiceField(choices=WaitingFor.choices(), allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)


class CoverageSerializer(Out):
    points = serializers.IntegerField()
    photos_used = serializers.IntegerField(
        help_text="Photos that could be analysed. A wide one shows where on the hull; it judges where no near one can."
    )
    photos_rejected = serializers.IntegerField()


class _ResultSerializer(OutputSerializer):
    leading = ("inspection_id", "mode", "signal_detected", "confidence_level", "guidance")

    inspection_id = serializers.UUIDField()
    signal_detected = serializers.ChoiceField(choices=SignalDetected.choices())
    confidence_level = serializers.ChoiceField(choices=ConfidenceLevel.choices())
    explanation = serializers.CharField()
    disclaimer = serializers.CharField()
    coverage = CoverageSerializer()
    model_version = serializers.CharField()
    created_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="CorrosionResult")
class CorrosionResultSerializer(_ResultSerializer):
    mode = serializers.ChoiceField(choices=["corrosion"])
    guidance = serializers.ListField(child=serializers.ChoiceField(choices=corrosion.Guidance.choices()))
    corrosion = CorrosionBlockSerializer()


@extend_schema_serializer(component_name="OsmosisResult")
class OsmosisResultSerializer(_ResultSerializer):
    mode = serializers.ChoiceField(choices=["osmosis"])
    guidance = serializers.ListField(child=serializers.ChoiceField(choices=osmosis.Guidance.choices()))
    osmosis = OsmosisBlockSerializer()


RESULT_SERIALIZERS = {"corrosion": CorrosionResultSerializer, "osmosis": OsmosisResultSerializer}


class CorrosionEntitlementSerializer(Out):
    free_points = serializers.IntegerField()
    corrosion_free_used = serializers.BooleanField()
    corrosion_points_allowed = serializers.IntegerField()
    subscription_active = serializers.BooleanField()
    plan = serializers.ChoiceField(choices=Plan.choices(), allow_null=True)
