from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum

if TYPE_CHECKING:
    from ..models.slot_upload import SlotUpload


T = TypeVar("T", bound="OpenedPoint")


@_attrs_define
class OpenedPoint:
    """
    Attributes:
        slot_id (UUID):
        point_index (int):
        label (str):
        required_angles (list[AngleEnum]):
        uploads (list[SlotUpload]):
    """

    slot_id: UUID
    point_index: int
    label: str
    required_angles: list[AngleEnum]
    uploads: list[SlotUpload]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        slot_id = str(self.slot_id)

        point_index = self.point_index

        label = self.label

        required_angles = []
        for required_angles_item_data in self.required_angles:
            required_angles_item = required_angles_item_data.value
            required_angles.append(required_angles_item)

        uploads = []
        for uploads_item_data in self.uploads:
            uploads_item = uploads_item_data.to_dict()
            uploads.append(uploads_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "slot_id": slot_id,
                "point_index": point_index,
                "label": label,
                "required_angles": required_angles,
                "uploads": uploads,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.slot_upload import SlotUpload  # noqa: PLC0415

        d = dict(src_dict)
        slot_id = UUID(d.pop("slot_id"))

        point_index = d.pop("point_index")

        label = d.pop("label")

        required_angles = []
        _required_angles = d.pop("required_angles")
        for required_angles_item_data in _required_angles:
            required_angles_item = AngleEnum(required_angles_item_data)

            required_angles.append(required_angles_item)

        uploads = []
        _uploads = d.pop("uploads")
        for uploads_item_data in _uploads:
            uploads_item = SlotUpload.from_dict(uploads_item_data)

            uploads.append(uploads_item)

        opened_point = cls(
            slot_id=slot_id,
            point_index=point_index,
            label=label,
            required_angles=required_angles,
            uploads=uploads,
        )

        opened_point.additional_properties = d
        return opened_point

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
