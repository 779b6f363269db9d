from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidence_level_enum import ConfidenceLevelEnum
from ..models.coverage_band_enum import CoverageBandEnum

if TYPE_CHECKING:
    from ..models.timeline_step import TimelineStep


T = TypeVar("T", bound="PointVisit")


@_attrs_define
class PointVisit:
    """
    Attributes:
        inspection_id (UUID):
        at (datetime.datetime):
        coverage_band (CoverageBandEnum):
        confidence_level (ConfidenceLevelEnum):
        step (None | TimelineStep): The change since the visit before; null at the first visit, and while it is
            computed.
    """

    inspection_id: UUID
    at: datetime.datetime
    coverage_band: CoverageBandEnum
    confidence_level: ConfidenceLevelEnum
    step: None | TimelineStep
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.timeline_step import TimelineStep  # noqa: PLC0415

        inspection_id = str(self.inspection_id)

        at = self.at.isoformat()

        coverage_band = self.coverage_band.value

        confidence_level = self.confidence_level.value

        step: dict[str, Any] | None
        if isinstance(self.step, TimelineStep):
            step = self.step.to_dict()
        else:
            step = self.step

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "inspection_id": inspection_id,
                "at": at,
                "coverage_band": coverage_band,
                "confidence_level": confidence_level,
                "step": step,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.timeline_step import TimelineStep  # noqa: PLC0415

        d = dict(src_dict)
        inspection_id = UUID(d.pop("inspection_id"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        coverage_band = CoverageBandEnum(d.pop("coverage_band"))

        confidence_level = ConfidenceLevelEnum(d.pop("confidence_level"))

        def _parse_step(data: object) -> None | TimelineStep:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                step_type_0 = TimelineStep.from_dict(data)

                return step_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TimelineStep, data)

        step = _parse_step(d.pop("step"))

        point_visit = cls(
            inspection_id=inspection_id,
            at=at,
            coverage_band=coverage_band,
            confidence_level=confidence_level,
            step=step,
        )

        point_visit.additional_properties = d
        return point_visit

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
