from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.angle_enum import AngleEnum

if TYPE_CHECKING:
    from ..models.stored_capture import StoredCapture


T = TypeVar("T", bound="Ghost")


@_attrs_define
class Ghost:
    """
    Attributes:
        point_index (int):
        label (str):
        angle (AngleEnum):
        photo_url (str):
        taken_at (datetime.datetime):
        capture (StoredCapture):
    """

    point_index: int
    label: str
    angle: AngleEnum
    photo_url: str
    taken_at: datetime.datetime
    capture: StoredCapture
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        point_index = self.point_index

        label = self.label

        angle = self.angle.value

        photo_url = self.photo_url

        taken_at = self.taken_at.isoformat()

        capture = self.capture.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "point_index": point_index,
                "label": label,
                "angle": angle,
                "photo_url": photo_url,
                "taken_at": taken_at,
                "capture": capture,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stored_capture import StoredCapture  # noqa: PLC0415

        d = dict(src_dict)
        point_index = d.pop("point_index")

        label = d.pop("label")

        angle = AngleEnum(d.pop("angle"))

        photo_url = d.pop("photo_url")

        taken_at = datetime.datetime.fromisoformat(d.pop("taken_at"))

        capture = StoredCapture.from_dict(d.pop("capture"))

        ghost = cls(
            point_index=point_index,
            label=label,
            angle=angle,
            photo_url=photo_url,
            taken_at=taken_at,
            capture=capture,
        )

        ghost.additional_properties = d
        return ghost

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
