from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.maintenance import Maintenance
    from ..models.point_timeline import PointTimeline
    from ..models.timeline_vessel import TimelineVessel


T = TypeVar("T", bound="Timeline")


@_attrs_define
class Timeline:
    """
    Attributes:
        vessel (TimelineVessel):
        points (list[PointTimeline]):
        events (list[Maintenance]):
        pending (bool): True while comparisons are computed; then with `Retry-After`.
    """

    vessel: TimelineVessel
    points: list[PointTimeline]
    events: list[Maintenance]
    pending: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vessel = self.vessel.to_dict()

        points = []
        for points_item_data in self.points:
            points_item = points_item_data.to_dict()
            points.append(points_item)

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.to_dict()
            events.append(events_item)

        pending = self.pending

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "vessel": vessel,
                "points": points,
                "events": events,
                "pending": pending,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.maintenance import Maintenance  # noqa: PLC0415
        from ..models.point_timeline import PointTimeline  # noqa: PLC0415
        from ..models.timeline_vessel import TimelineVessel  # noqa: PLC0415

        d = dict(src_dict)
        vessel = TimelineVessel.from_dict(d.pop("vessel"))

        points = []
        _points = d.pop("points")
        for points_item_data in _points:
            points_item = PointTimeline.from_dict(points_item_data)

            points.append(points_item)

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = Maintenance.from_dict(events_item_data)

            events.append(events_item)

        pending = d.pop("pending")

        timeline = cls(
            vessel=vessel,
            points=points,
            events=events,
            pending=pending,
        )

        timeline.additional_properties = d
        return timeline

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
