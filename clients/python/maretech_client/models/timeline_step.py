from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.incomparable_reason_enum import IncomparableReasonEnum
from ..models.trend_enum import TrendEnum

T = TypeVar("T", bound="TimelineStep")


@_attrs_define
class TimelineStep:
    """
    Attributes:
        trend (None | TrendEnum):
        comparable (bool):
        reasons (list[IncomparableReasonEnum | str]):
    """

    trend: None | TrendEnum
    comparable: bool
    reasons: list[IncomparableReasonEnum | str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        trend: None | str
        if isinstance(self.trend, TrendEnum):
            trend = self.trend.value
        else:
            trend = self.trend

        comparable = self.comparable

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item: str
            if isinstance(reasons_item_data, IncomparableReasonEnum):
                reasons_item = reasons_item_data.value
            else:
                reasons_item = reasons_item_data
            reasons.append(reasons_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "trend": trend,
                "comparable": comparable,
                "reasons": reasons,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

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

        comparable = d.pop("comparable")

        reasons = []
        _reasons = d.pop("reasons")
        for reasons_item_data in _reasons:

            def _parse_reasons_item(data: object) -> IncomparableReasonEnum | str:
                try:
                    if not isinstance(data, str):
                        raise TypeError()
                    reasons_item_type_0 = IncomparableReasonEnum(data)

                    return reasons_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(IncomparableReasonEnum | str, data)

            reasons_item = _parse_reasons_item(reasons_item_data)

            reasons.append(reasons_item)

        timeline_step = cls(
            trend=trend,
            comparable=comparable,
            reasons=reasons,
        )

        timeline_step.additional_properties = d
        return timeline_step

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
