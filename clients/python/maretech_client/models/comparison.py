from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.incomparable_reason_enum import IncomparableReasonEnum
from ..models.trend_enum import TrendEnum

if TYPE_CHECKING:
    from ..models.compared_point import ComparedPoint


T = TypeVar("T", bound="Comparison")


@_attrs_define
class Comparison:
    """
    Attributes:
        from_ (UUID):
        to (UUID):
        comparable (bool):
        trend (None | TrendEnum):
        reasons (list[IncomparableReasonEnum | str]):
        points (list[ComparedPoint]):
        explanation (str):
    """

    from_: UUID
    to: UUID
    comparable: bool
    trend: None | TrendEnum
    reasons: list[IncomparableReasonEnum | str]
    points: list[ComparedPoint]
    explanation: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from_ = str(self.from_)

        to = str(self.to)

        comparable = self.comparable

        trend: None | str
        if isinstance(self.trend, TrendEnum):
            trend = self.trend.value
        else:
            trend = self.trend

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item: str
            if isinstance(reasons_item_data, IncomparableReasonEnum):
                reasons_item = reasons_item_data.value
            else:
                reasons_item = reasons_item_data
            reasons.append(reasons_item)

        points = []
        for points_item_data in self.points:
            points_item = points_item_data.to_dict()
            points.append(points_item)

        explanation = self.explanation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "from": from_,
                "to": to,
                "comparable": comparable,
                "trend": trend,
                "reasons": reasons,
                "points": points,
                "explanation": explanation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.compared_point import ComparedPoint  # noqa: PLC0415

        d = dict(src_dict)
        from_ = UUID(d.pop("from"))

        to = UUID(d.pop("to"))

        comparable = d.pop("comparable")

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

        points = []
        _points = d.pop("points")
        for points_item_data in _points:
            points_item = ComparedPoint.from_dict(points_item_data)

            points.append(points_item)

        explanation = d.pop("explanation")

        comparison = cls(
            from_=from_,
            to=to,
            comparable=comparable,
            trend=trend,
            reasons=reasons,
            points=points,
            explanation=explanation,
        )

        comparison.additional_properties = d
        return comparison

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
