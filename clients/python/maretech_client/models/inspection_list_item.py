from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.inspection_status_enum import InspectionStatusEnum
from ..models.mode_enum import ModeEnum

T = TypeVar("T", bound="InspectionListItem")


@_attrs_define
class InspectionListItem:
    """
    Attributes:
        inspection_id (UUID):
        mode (ModeEnum):
        status (InspectionStatusEnum):
        label (str):
        created_at (datetime.datetime):
        vessel_id (None | UUID):
        vessel_label (str):
    """

    inspection_id: UUID
    mode: ModeEnum
    status: InspectionStatusEnum
    label: str
    created_at: datetime.datetime
    vessel_id: None | UUID
    vessel_label: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        mode = self.mode.value

        status = self.status.value

        label = self.label

        created_at = self.created_at.isoformat()

        vessel_id: None | str
        if isinstance(self.vessel_id, UUID):
            vessel_id = str(self.vessel_id)
        else:
            vessel_id = self.vessel_id

        vessel_label = self.vessel_label

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "mode": mode,
                "status": status,
                "label": label,
                "created_at": created_at,
                "vessel_id": vessel_id,
                "vessel_label": vessel_label,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        mode = ModeEnum(d.pop("mode"))

        status = InspectionStatusEnum(d.pop("status"))

        label = d.pop("label")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

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

        inspection_list_item = cls(
            inspection_id=inspection_id,
            mode=mode,
            status=status,
            label=label,
            created_at=created_at,
            vessel_id=vessel_id,
            vessel_label=vessel_label,
        )

        inspection_list_item.additional_properties = d
        return inspection_list_item

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
