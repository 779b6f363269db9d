from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum

if TYPE_CHECKING:
    from ..models.photo import Photo


T = TypeVar("T", bound="Slot")


@_attrs_define
class Slot:
    """
    Attributes:
        slot_id (UUID):
        point_index (int):
        label (str):
        required_angles (list[AngleEnum]):
        assets (list[Photo]):
    """

    slot_id: UUID
    point_index: int
    label: str
    required_angles: list[AngleEnum]
    assets: list[Photo]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        slot_id = str(self.slot_id)

        point_index = self.point_index

        label = self.label

        required_angles = []
        for required_angles_item_data in self.required_angles:
            required_angles_item = required_angles_item_data.value
            required_angles.append(required_angles_item)

        assets = []
        for assets_item_data in self.assets:
            assets_item = assets_item_data.to_dict()
            assets.append(assets_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "slot_id": slot_id,
                "point_index": point_index,
                "label": label,
                "required_angles": required_angles,
                "assets": assets,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.photo import Photo  # noqa: PLC0415

        d = dict(src_dict)
        slot_id = UUID(d.pop("slot_id"))

        point_index = d.pop("point_index")

        label = d.pop("label")

        required_angles = []
        _required_angles = d.pop("required_angles")
        for required_angles_item_data in _required_angles:
            required_angles_item = AngleEnum(required_angles_item_data)

            required_angles.append(required_angles_item)

        assets = []
        _assets = d.pop("assets")
        for assets_item_data in _assets:
            assets_item = Photo.from_dict(assets_item_data)

            assets.append(assets_item)

        slot = cls(
            slot_id=slot_id,
            point_index=point_index,
            label=label,
            required_angles=required_angles,
            assets=assets,
        )

        slot.additional_properties = d
        return slot

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
