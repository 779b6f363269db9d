from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dossier_status_enum import DossierStatusEnum
from ..models.locale_enum import LocaleEnum
from ..models.mode_enum import ModeEnum

T = TypeVar("T", bound="DossierListItem")


@_attrs_define
class DossierListItem:
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
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
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
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
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

        dossier_list_item = cls(
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
        )

        dossier_list_item.additional_properties = d
        return dossier_list_item

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
