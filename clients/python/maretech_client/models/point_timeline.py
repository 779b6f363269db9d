from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.point_visit import PointVisit
    from ..models.segment import Segment


T = TypeVar("T", bound="PointTimeline")


@_attrs_define
class PointTimeline:
    """
    Attributes:
        point_index (int):
        label (str): At the last visit.
        visits (list[PointVisit]):
        segments (list[Segment]): Maintenance that changes the surface of the point ends a segment.
    """

    point_index: int
    label: str
    visits: list[PointVisit]
    segments: list[Segment]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        point_index = self.point_index

        label = self.label

        visits = []
        for visits_item_data in self.visits:
            visits_item = visits_item_data.to_dict()
            visits.append(visits_item)

        segments = []
        for segments_item_data in self.segments:
            segments_item = segments_item_data.to_dict()
            segments.append(segments_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "point_index": point_index,
                "label": label,
                "visits": visits,
                "segments": segments,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.point_visit import PointVisit  # noqa: PLC0415
        from ..models.segment import Segment  # noqa: PLC0415

        d = dict(src_dict)
        point_index = d.pop("point_index")

        label = d.pop("label")

        visits = []
        _visits = d.pop("visits")
        for visits_item_data in _visits:
            visits_item = PointVisit.from_dict(visits_item_data)

            visits.append(visits_item)

        segments = []
        _segments = d.pop("segments")
        for segments_item_data in _segments:
            segments_item = Segment.from_dict(segments_item_data)

            segments.append(segments_item)

        point_timeline = cls(
            point_index=point_index,
            label=label,
            visits=visits,
            segments=segments,
        )

        point_timeline.additional_properties = d
        return point_timeline

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
