from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dossier_failure_enum import DossierFailureEnum
from ..models.dossier_paper_enum import DossierPaperEnum
from ..models.dossier_status_enum import DossierStatusEnum
from ..models.locale_enum import LocaleEnum
from ..models.mode_enum import ModeEnum

if TYPE_CHECKING:
    from ..models.recording import Recording
    from ..models.refinement import Refinement
    from ..models.sealed_pdf import SealedPDF
    from ..models.sealed_photo import SealedPhoto
    from ..models.share import Share


T = TypeVar("T", bound="Dossier")


@_attrs_define
class Dossier:
    """
    Attributes:
        dossier_id (UUID):
        status (DossierStatusEnum):
        mode (ModeEnum):
        vessel_id (None | UUID):
        vessel_label (str): Of a final dossier: as printed.
        language (LocaleEnum): * `en` - English
            * `de` - German
        created_at (datetime.datetime):
        final_at (datetime.datetime | None):
        superseded_by (None | UUID): The newer dossier of the same vessel and mode.
        revoked_at (datetime.datetime | None):
        inspection_ids (list[UUID]):
        paper (DossierPaperEnum):
        statement (str):
        reason (DossierFailureEnum | None | str): Why a rendering made it a draft again: inspection_deleted,
            photos_unreadable, characters_unsupported, could_not_be_rendered; else why the recording has no transcript, such
            as language_unsupported. More may be added.
        recording (None | Recording):
        transcript (None | str): What the recording says, for the owner to edit.
        transcriber (None | str): The program that wrote the transcript.
        refinement (None | Refinement):
        disclaimer_version (None | str):
        model_versions (list[str]):
        photos (list[SealedPhoto]): Every photo of a final dossier, with the SHA-256 of its original.
        pdf (None | SealedPDF):
        verify_url (None | str): What the code printed on the dossier opens.
        shares (list[Share]):
    """

    dossier_id: UUID
    status: DossierStatusEnum
    mode: ModeEnum
    vessel_id: None | UUID
    vessel_label: str
    language: LocaleEnum
    created_at: datetime.datetime
    final_at: datetime.datetime | None
    superseded_by: None | UUID
    revoked_at: datetime.datetime | None
    inspection_ids: list[UUID]
    paper: DossierPaperEnum
    statement: str
    reason: DossierFailureEnum | None | str
    recording: None | Recording
    transcript: None | str
    transcriber: None | str
    refinement: None | Refinement
    disclaimer_version: None | str
    model_versions: list[str]
    photos: list[SealedPhoto]
    pdf: None | SealedPDF
    verify_url: None | str
    shares: list[Share]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.recording import Recording  # noqa: PLC0415
        from ..models.refinement import Refinement  # noqa: PLC0415
        from ..models.sealed_pdf import SealedPDF  # noqa: PLC0415

        dossier_id = str(self.dossier_id)

        status = self.status.value

        mode = self.mode.value

        vessel_id: None | str
        if isinstance(self.vessel_id, UUID):
            vessel_id = str(self.vessel_id)
        else:
            vessel_id = self.vessel_id

        vessel_label = self.vessel_label

        language = self.language.value

        created_at = self.created_at.isoformat()

        final_at: None | str
        if isinstance(self.final_at, datetime.datetime):
            final_at = self.final_at.isoformat()
        else:
            final_at = self.final_at

        superseded_by: None | str
        if isinstance(self.superseded_by, UUID):
            superseded_by = str(self.superseded_by)
        else:
            superseded_by = self.superseded_by

        revoked_at: None | str
        if isinstance(self.revoked_at, datetime.datetime):
            revoked_at = self.revoked_at.isoformat()
        else:
            revoked_at = self.revoked_at

        inspection_ids = []
        for inspection_ids_item_data in self.inspection_ids:
            inspection_ids_item = str(inspection_ids_item_data)
            inspection_ids.append(inspection_ids_item)

        paper = self.paper.value

        statement = self.statement

        reason: None | str
        if isinstance(self.reason, DossierFailureEnum):
            reason = self.reason.value
        else:
            reason = self.reason

        recording: dict[str, Any] | None
        if isinstance(self.recording, Recording):
            recording = self.recording.to_dict()
        else:
            recording = self.recording

        transcript: None | str
        transcript = self.transcript

        transcriber: None | str
        transcriber = self.transcriber

        refinement: dict[str, Any] | None
        if isinstance(self.refinement, Refinement):
            refinement = self.refinement.to_dict()
        else:
            refinement = self.refinement

        disclaimer_version: None | str
        disclaimer_version = self.disclaimer_version

        model_versions = self.model_versions

        photos = []
        for photos_item_data in self.photos:
            photos_item = photos_item_data.to_dict()
            photos.append(photos_item)

        pdf: dict[str, Any] | None
        if isinstance(self.pdf, SealedPDF):
            pdf = self.pdf.to_dict()
        else:
            pdf = self.pdf

        verify_url: None | str
        verify_url = self.verify_url

        shares = []
        for shares_item_data in self.shares:
            shares_item = shares_item_data.to_dict()
            shares.append(shares_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dossier_id": dossier_id,
                "status": status,
                "mode": mode,
                "vessel_id": vessel_id,
                "vessel_label": vessel_label,
                "language": language,
                "created_at": created_at,
                "final_at": final_at,
                "superseded_by": superseded_by,
                "revoked_at": revoked_at,
                "inspection_ids": inspection_ids,
                "paper": paper,
                "statement": statement,
                "reason": reason,
                "recording": recording,
                "transcript": transcript,
                "transcriber": transcriber,
                "refinement": refinement,
                "disclaimer_version": disclaimer_version,
                "model_versions": model_versions,
                "photos": photos,
                "pdf": pdf,
                "verify_url": verify_url,
                "shares": shares,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recording import Recording  # noqa: PLC0415
        from ..models.refinement import Refinement  # noqa: PLC0415
        from ..models.sealed_pdf import SealedPDF  # noqa: PLC0415
        from ..models.sealed_photo import SealedPhoto  # noqa: PLC0415
        from ..models.share import Share  # noqa: PLC0415

        d = dict(src_dict)
        dossier_id = UUID(d.pop("dossier_id"))

        status = DossierStatusEnum(d.pop("status"))

        mode = ModeEnum(d.pop("mode"))

        def _parse_vessel_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                vessel_id_type_0 = UUID(data)

                return vessel_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        vessel_id = _parse_vessel_id(d.pop("vessel_id"))

        vessel_label = d.pop("vessel_label")

        language = LocaleEnum(d.pop("language"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_final_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                final_at_type_0 = datetime.datetime.fromisoformat(data)

                return final_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        final_at = _parse_final_at(d.pop("final_at"))

        def _parse_superseded_by(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                superseded_by_type_0 = UUID(data)

                return superseded_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        superseded_by = _parse_superseded_by(d.pop("superseded_by"))

        def _parse_revoked_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                revoked_at_type_0 = datetime.datetime.fromisoformat(data)

                return revoked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        revoked_at = _parse_revoked_at(d.pop("revoked_at"))

        inspection_ids = []
        _inspection_ids = d.pop("inspection_ids")
        for inspection_ids_item_data in _inspection_ids:
            inspection_ids_item = UUID(inspection_ids_item_data)

            inspection_ids.append(inspection_ids_item)

        paper = DossierPaperEnum(d.pop("paper"))

        statement = d.pop("statement")

        def _parse_reason(data: object) -> DossierFailureEnum | None | str:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reason_type_0 = DossierFailureEnum(data)

                return reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DossierFailureEnum | None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_recording(data: object) -> None | Recording:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                recording_type_0 = Recording.from_dict(data)

                return recording_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Recording, data)

        recording = _parse_recording(d.pop("recording"))

        def _parse_transcript(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        transcript = _parse_transcript(d.pop("transcript"))

        def _parse_transcriber(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        transcriber = _parse_transcriber(d.pop("transcriber"))

        def _parse_refinement(data: object) -> None | Refinement:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                refinement_type_0 = Refinement.from_dict(data)

                return refinement_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Refinement, data)

        refinement = _parse_refinement(d.pop("refinement"))

        def _parse_disclaimer_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        disclaimer_version = _parse_disclaimer_version(d.pop("disclaimer_version"))

        model_versions = cast(list[str], d.pop("model_versions"))

        photos = []
        _photos = d.pop("photos")
        for photos_item_data in _photos:
            photos_item = SealedPhoto.from_dict(photos_item_data)

            photos.append(photos_item)

        def _parse_pdf(data: object) -> None | SealedPDF:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pdf_type_0 = SealedPDF.from_dict(data)

                return pdf_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SealedPDF, data)

        pdf = _parse_pdf(d.pop("pdf"))

        def _parse_verify_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        verify_url = _parse_verify_url(d.pop("verify_url"))

        shares = []
        _shares = d.pop("shares")
        for shares_item_data in _shares:
            shares_item = Share.from_dict(shares_item_data)

            shares.append(shares_item)

        dossier = cls(
            dossier_id=dossier_id,
            status=status,
            mode=mode,
            vessel_id=vessel_id,
            vessel_label=vessel_label,
            language=language,
            created_at=created_at,
            final_at=final_at,
            superseded_by=superseded_by,
            revoked_at=revoked_at,
            inspection_ids=inspection_ids,
            paper=paper,
            statement=statement,
            reason=reason,
            recording=recording,
            transcript=transcript,
            transcriber=transcriber,
            refinement=refinement,
            disclaimer_version=disclaimer_version,
            model_versions=model_versions,
            photos=photos,
            pdf=pdf,
            verify_url=verify_url,
            shares=shares,
        )

        dossier.additional_properties = d
        return dossier

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
