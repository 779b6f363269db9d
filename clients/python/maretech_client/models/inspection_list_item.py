from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
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
    """

    inspection_id: UUID
    mode: ModeEnum
    status: InspectionStatusEnum
    label: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        mode = self.mode.value

        status = self.status.value

        label = self.label

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "mode": mode,
                "status": status,
                "label": label,
                "created_at": created_at,
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

        inspection_list_item = cls(
            inspection_id=inspection_id,
            mode=mode,
            status=status,
            label=label,
            created_at=created_at,
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
