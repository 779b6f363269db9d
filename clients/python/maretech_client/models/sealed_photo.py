from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum

T = TypeVar("T", bound="SealedPhoto")


@_attrs_define
class SealedPhoto:
    """
    Attributes:
        inspection_id (UUID):
        point_index (int):
        angle (AngleEnum):
        sha256 (str):
    """

    inspection_id: UUID
    point_index: int
    angle: AngleEnum
    sha256: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        inspection_id = str(self.inspection_id)

        point_index = self.point_index

        angle = self.angle.value

        sha256 = self.sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "point_index": point_index,
                "angle": angle,
                "sha256": sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        point_index = d.pop("point_index")

        angle = AngleEnum(d.pop("angle"))

        sha256 = d.pop("sha256")

        sealed_photo = cls(
            inspection_id=inspection_id,
            point_index=point_index,
            angle=angle,
            sha256=sha256,
        )

        sealed_photo.additional_properties = d
        return sealed_photo

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
