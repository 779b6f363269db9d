from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CaptureConstraintsMaxPixelsByContentType")


@_attrs_define
class CaptureConstraintsMaxPixelsByContentType:
    """The same for each of `content_types`. Photos that take more memory a pixel than phones' usual ones may be rejected
    from fewer on: HEIC of more than 8 bits or with colour at full resolution, progressive JPEG.

    """

    additional_properties: dict[str, int] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        capture_constraints_max_pixels_by_content_type = cls()

        capture_constraints_max_pixels_by_content_type.additional_properties = d
        return capture_constraints_max_pixels_by_content_type

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> int:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: int) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
