from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.osmosis_area import OsmosisArea


T = TypeVar("T", bound="OsmosisBlock")


@_attrs_define
class OsmosisBlock:
    """
    Attributes:
        areas (list[OsmosisArea]):
        hours_since_lift_out (float | None): From the noted lift-out to the last photo; null if it is not known, and in
            results from before.
    """

    areas: list[OsmosisArea]
    hours_since_lift_out: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        areas = []
        for areas_item_data in self.areas:
            areas_item = areas_item_data.to_dict()
            areas.append(areas_item)

        hours_since_lift_out: float | None
        hours_since_lift_out = self.hours_since_lift_out

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "areas": areas,
                "hours_since_lift_out": hours_since_lift_out,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.osmosis_area import OsmosisArea  # noqa: PLC0415

        d = dict(src_dict)
        areas = []
        _areas = d.pop("areas")
        for areas_item_data in _areas:
            areas_item = OsmosisArea.from_dict(areas_item_data)

            areas.append(areas_item)

        def _parse_hours_since_lift_out(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        hours_since_lift_out = _parse_hours_since_lift_out(d.pop("hours_since_lift_out"))

        osmosis_block = cls(
            areas=areas,
            hours_since_lift_out=hours_since_lift_out,
        )

        osmosis_block.additional_properties = d
        return osmosis_block

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
