"""Serializers: an `Input` validates a body, an `Output` writes an answer."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.api.serializers import EmailAddressField
from dossiers.document.content import Language, Paper
from dossiers.document.fonts import named, undrawable
from dossiers.shares.changes import MAX_DAYS
from dossiers.vocabulary import (
    MAX_INSPECTIONS,
    MAX_STATEMENT,
    DeliveryChannel,
    DeliveryFailure,
    DeliveryStatus,
    DossierStatus,
    Obstacle,
    RecordingFailure,
    RecordingState,
    RefinementState,
    RenderingFailure,
    VerificationResult,
)
from inspections.vocabulary import Angle, Mode
from maretech.common.http.fields import IdField, LinesField, PatternField, TextField, WholeNumberField
from maretech.common.http.output_fields import (
    AbsoluteURLField,
    EmptyAsNullChoiceField,
    EmptyAsNullField,
    UploadLinkSerializer,
)

Out = serializers.Serializer[Any]
# What fits into the window of an envelope.
MAX_NAME: Final = 40
MAX_LINES: Final = 50
DRAFT_AGAIN: Final = [*RenderingFailure.choices(), *RecordingFailure.choices()]
REASON_HELP = (
    "Why a rendering made it a draft again: inspection_deleted, photos_unreadable, characters_unsupported, "
    "could_not_be_rendered; else why the recording has no transcript, such as language_unsupported. More may be added."
)


# --- in ----------------------------------------------------------------------------------------------------------
class _DraftInput(Out):
    statement = LinesField(
        max_length=MAX_STATEMENT,
        required=False,
        allow_blank=True,
        help_text="The owner's own words, printed as such. Characters that no font of the document draws are refused.",
    )
    language = serializers.ChoiceField(
        choices=Language.choices(), required=False, help_text="That of the document, and of a spoken statement."
    )
    paper = serializers.ChoiceField(choices=Paper.choices(), required=False)

    def validate_statement(self, value: str) -> str:
        if characters := undrawable(value):
            raise serializers.ValidationError(f"The document cannot print {named(characters)}.")
        return value


class DossierInput(_DraftInput):
    inspection_ids = serializers.ListField(
        child=IdField(),
        min_length=1,
        max_length=MAX_INSPECTIONS,
        help_text="Inspections of one mode and one vessel, in the order in which they are shown.",
    )

    def validate_inspection_ids(self, value: list[Any]) -> list[Any]:
        if len(set(value)) < len(value):
            raise serializers.ValidationError("Name each inspection once.")
        return value


class DossierChangeInput(_DraftInput):
    pass


class RecordingInput(Out):
    content_type = TextField(
        max_length=64, help_text="Any name of m4a, ogg, webm or wav, e.g. audio/x-m4a; the link names the one to send."
    )
    byte_size = WholeNumberField(min_value=1, max_value=2**31 - 1)
    sha256 = PatternField(r"\A[0-9a-fA-F]{64}\Z", max_length=64)


class ShareInput(Out):
    expires_in_days = WholeNumberField(min_value=1, max_value=MAX_DAYS)


class MailDeliveryInput(Out):
    channel = serializers.ChoiceField(choices=[(DeliveryChannel.EMAIL.value, DeliveryChannel.EMAIL.label)])
    to = EmailAddressField()


class PostalAddressInput(Out):
    name = TextField(max_length=MAX_NAME, help_text="Of the person or the firm.")
    lines = serializers.ListField(
        child=TextField(max_length=MAX_LINES),
        min_length=1,
        max_length=2,
        help_text=f"Street and number, and a second line if need be: {MAX_LINES} characters together.",
    )
    postal_code = TextField(max_length=20)
    city = TextField(max_length=60)
    state = TextField(max_length=40, required=False, allow_blank=True, help_text="Needed in the United States.")
    country = PatternField(r"\A[A-Z]{2}\Z", max_length=2, help_text="Two letters (ISO 3166-1).")

    def validate_lines(self, value: list[str]) -> list[str]:
        if sum(map(len, value)) > MAX_LINES:
            raise serializers.ValidationError(f"At most {MAX_LINES} characters together.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["country"] == "US" and not attrs.get("state"):
            raise serializers.ValidationError({"state": "Needed in the United States."})
        return attrs


class LetterDeliveryInput(Out):
    channel = serializers.ChoiceField(choices=[(DeliveryChannel.POST.value, DeliveryChannel.POST.label)])
    to = PostalAddressInput()


DELIVERY_INPUTS: Final[dict[str, type[Out]]] = {
    DeliveryChannel.EMAIL.value: MailDeliveryInput,
    DeliveryChannel.POST.value: LetterDeliveryInput,
}


# --- out ---------------------------------------------------------------------------------------------------------
class EligibilityOutput(Out):
    eligible = serializers.BooleanField(source="is_eligible")
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=Obstacle.choices()),
        source="obstacles",
        help_text="not_completed, no_usable_photos, too_old. More may be added.",
    )
    photograph_again_after = serializers.DateTimeField(
        allow_null=True, help_text="When a completed inspection is too old for a dossier; null for another."
    )


class RecordingOutput(Out):
    recording_id = serializers.UUIDField(source="pk")
    state = serializers.ChoiceField(choices=RecordingState.choices())
    reason = EmptyAsNullChoiceField(
        choices=RecordingFailure.choices(),
        source="failure_reason",
        allow_null=True,
        help_text="Why it has no transcript.",
    )
    created_at = serializers.DateTimeField()


class WordingChangeOutput(Out):
    before = serializers.CharField()
    after = serializers.CharField()


class RefinementOutput(Out):
    state = serializers.ChoiceField(choices=RefinementState.choices())
    text = EmptyAsNullField(allow_null=True)
    changes = WordingChangeOutput(many=True)
    engine = EmptyAsNullField(allow_null=True, help_text="The program that proposes the wording.")


class SealedPhotoOutput(Out):
    inspection_id = serializers.UUIDField()
    point_index = serializers.IntegerField()
    angle = serializers.ChoiceField(choices=Angle.choices())
    sha256 = serializers.CharField()


class SealedPDFOutput(Out):
    sha256 = serializers.CharField(source="pdf_sha256")
    byte_size = serializers.IntegerField(source="pdf_bytes")


class ShareOutput(Out):
    share_id = serializers.UUIDField(source="pk")
    url = serializers.URLField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    views = serializers.IntegerField()
    last_viewed_at = serializers.DateTimeField(allow_null=True)


class DossierListItemOutput(Out):
    dossier_id = serializers.UUIDField(source="pk")
    status = serializers.ChoiceField(choices=DossierStatus.choices())
    mode = serializers.ChoiceField(choices=Mode.choices())
    vessel_id = serializers.UUIDField(allow_null=True)
    vessel_label = serializers.CharField(allow_blank=True, help_text="Of a final dossier: as printed.")
    language = serializers.ChoiceField(choices=Language.choices())
    created_at = serializers.DateTimeField()
    final_at = serializers.DateTimeField(allow_null=True)
    superseded_by = serializers.UUIDField(
        source="superseded_by_id", allow_null=True, help_text="The newer dossier of the same vessel and mode."
    )
    revoked_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(many=False)
class DossierPageOutput(Out):
    results = DossierListItemOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class DossierOutput(DossierListItemOutput):
    # Of a dossier from `load_detail`.
    inspection_ids = serializers.ListField(child=serializers.UUIDField())
    paper = serializers.ChoiceField(choices=Paper.choices())
    statement = serializers.CharField(allow_blank=True)
    reason = serializers.ChoiceField(choices=DRAFT_AGAIN, allow_null=True, help_text=REASON_HELP)
    recording = RecordingOutput(allow_null=True)
    transcript = serializers.CharField(allow_null=True, help_text="What the recording says, for the owner to edit.")
    transcriber = serializers.CharField(
        source="spoken_to", allow_null=True, help_text="The program that wrote the transcript."
    )
    refinement = RefinementOutput(source="proposal", allow_null=True)
    disclaimer_version = EmptyAsNullField(allow_null=True)
    model_versions = serializers.ListField(child=serializers.CharField())
    photos = SealedPhotoOutput(many=True, help_text="Every photo of a final dossier, with the SHA-256 of its original.")
    pdf = SealedPDFOutput(source="sealed", allow_null=True)
    verify_url = serializers.URLField(allow_null=True, help_text="What the code printed on the dossier opens.")
    shares = ShareOutput(many=True, source="links")


class AnnouncedRecordingOutput(Out):
    recording_id = serializers.UUIDField(source="recording.pk")
    state = serializers.ChoiceField(choices=RecordingState.choices(), source="recording.state")
    upload = UploadLinkSerializer(source="target")


class PDFLinkOutput(Out):
    url = AbsoluteURLField()
    expires_at = serializers.DateTimeField()


class DeliveryOutput(Out):
    delivery_id = serializers.UUIDField(source="pk")
    channel = serializers.ChoiceField(choices=DeliveryChannel.choices())
    status = serializers.ChoiceField(choices=DeliveryStatus.choices())
    to = serializers.CharField(
        source="recipient",
        help_text="The address, or the name on the letter; empty once the letter has arrived, failed or come back.",
    )
    reason = EmptyAsNullChoiceField(
        choices=DeliveryFailure.choices(),
        source="failure_reason",
        allow_null=True,
        help_text="refused, not_accepted, outcome_unknown, dossier_revoked, bounced; of a letter also too_many_pages, "
        "not_printed, undeliverable, payment_withdrawn, handed_over, cancelled. More may be added.",
    )
    share_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(many=False)
class DeliveryPageOutput(Out):
    results = DeliveryOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class VerificationOutput(Out):
    result = serializers.ChoiceField(choices=VerificationResult.choices())
    dated_at = serializers.DateTimeField(allow_null=True, help_text="The date on the document.")
    vessel_name = EmptyAsNullField(allow_null=True, help_text="As printed on the document.")
    sha256 = EmptyAsNullField(allow_null=True, help_text="The SHA-256 of the PDF file.")


class VerificationKeyOutput(Out):
    # A JSON Web Key (RFC 8037).
    kty = serializers.CharField()
    crv = serializers.CharField()
    kid = serializers.CharField()
    x = serializers.CharField(help_text="The public key: 32 bytes in unpadded base64url.")
    alg = serializers.CharField()
    use = serializers.CharField()


class VerificationKeysOutput(Out):
    keys = VerificationKeyOutput(many=True, help_text="The one that signs comes first.")
