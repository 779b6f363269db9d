from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.trend_enum import TrendEnum

T = TypeVar("T", bound="Segment")


@_attrs_define
class Segment:
    """
    Attributes:
        from_ (UUID):
        to (UUID):
        trend (None | TrendEnum): From the first visit of the segment to its last; null if it is one, or if they are not
            comparable.
    """

    from_: UUID
    to: UUID
    trend: None | TrendEnum
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from_ = str(self.from_)

        to = str(self.to)

        trend: None | str
        if isinstance(self.trend, TrendEnum):
            trend = self.trend.value
        else:
            trend = self.trend

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "from": from_,
                "to": to,
                "trend": trend,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        from_ = UUID(d.pop("from"))

        to = UUID(d.pop("to"))

        def _parse_trend(data: object) -> None | TrendEnum:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                trend_type_0 = TrendEnum(data)

                return trend_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TrendEnum, data)

        trend = _parse_trend(d.pop("trend"))

        segment = cls(
            from_=from_,
            to=to,
            trend=trend,
        )

        segment.additional_properties = d
        return segment

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
