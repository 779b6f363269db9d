from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.capture_constraints_max_pixels_by_content_type import (
        CaptureConstraintsMaxPixelsByContentType,
    )


T = TypeVar("T", bound="CaptureConstraints")


@_attrs_define
class CaptureConstraints:
    """
    Attributes:
        min_short_side_px (int): A photo with a shorter side is rejected as too_small.
        recommended_long_side_px (int): A photo of this size shows all that is looked for; a larger one only takes
            longer to send.
        max_pixels (int): More is rejected as too_large. Holds for JPEG; the other formats may take less.
        max_pixels_by_content_type (CaptureConstraintsMaxPixelsByContentType): The same for each of `content_types`.
            Photos that take more memory a pixel than phones' usual ones may be rejected from fewer on: HEIC of more than 8
            bits or with colour at full resolution, progressive JPEG.
        max_bytes (int):
        content_types (list[str]):
    """

    min_short_side_px: int
    recommended_long_side_px: int
    max_pixels: int
    max_pixels_by_content_type: CaptureConstraintsMaxPixelsByContentType
    max_bytes: int
    content_types: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        min_short_side_px = self.min_short_side_px

        recommended_long_side_px = self.recommended_long_side_px

        max_pixels = self.max_pixels

        max_pixels_by_content_type = self.max_pixels_by_content_type.to_dict()

        max_bytes = self.max_bytes

        content_types = self.content_types

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "min_short_side_px": min_short_side_px,
                "recommended_long_side_px": recommended_long_side_px,
                "max_pixels": max_pixels,
                "max_pixels_by_content_type": max_pixels_by_content_type,
                "max_bytes": max_bytes,
                "content_types": content_types,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.capture_constraints_max_pixels_by_content_type import (
            CaptureConstraintsMaxPixelsByContentType,  # noqa: PLC0415
        )

        d = dict(src_dict)
        min_short_side_px = d.pop("min_short_side_px")

        recommended_long_side_px = d.pop("recommended_long_side_px")

        max_pixels = d.pop("max_pixels")

        max_pixels_by_content_type = CaptureConstraintsMaxPixelsByContentType.from_dict(
            d.pop("max_pixels_by_content_type")
        )

        max_bytes = d.pop("max_bytes")

        content_types = cast(list[str], d.pop("content_types"))

        capture_constraints = cls(
            min_short_side_px=min_short_side_px,
            recommended_long_side_px=recommended_long_side_px,
            max_pixels=max_pixels,
            max_pixels_by_content_type=max_pixels_by_content_type,
            max_bytes=max_bytes,
            content_types=content_types,
        )

        capture_constraints.additional_properties = d
        return capture_constraints

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
