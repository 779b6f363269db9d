from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Framing")


@_attrs_define
class Framing:
    """
    Attributes:
        shift_x (float): Where the middle of the earlier photo lies: right of this one's middle, as a fraction of the
            width.
        shift_y (float): The same, down, as a fraction of the height.
        scale (float): The place is this many times as large as in the earlier photo.
        rotation_deg (float): The place is turned clockwise by this angle.
    """

    shift_x: float
    shift_y: float
    scale: float
    rotation_deg: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        shift_x = self.shift_x

        shift_y = self.shift_y

        scale = self.scale

        rotation_deg = self.rotation_deg

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "shift_x": shift_x,
                "shift_y": shift_y,
                "scale": scale,
                "rotation_deg": rotation_deg,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        shift_x = d.pop("shift_x")

        shift_y = d.pop("shift_y")

        scale = d.pop("scale")

        rotation_deg = d.pop("rotation_deg")

        framing = cls(
            shift_x=shift_x,
            shift_y=shift_y,
            scale=scale,
            rotation_deg=rotation_deg,
        )

        framing.additional_properties = d
        return framing

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
